package intake_test

import (
	"slices"
	"strings"
	"testing"

	"grupa/intake"
	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// worst is a form whose every answer about health counts somewhere.
func worst() intake.Submission {
	f := storetest.Filled("Somebody")
	for link, code := range map[string]string{
		"self-harm": "lately", "safe-at-home": "no", "reality": "often", "sober": "no",
		"life-crisis": "now", "daily-life": "very-hard",
	} {
		f = with(f, link, codes(code))
	}
	return f
}

func (w world) explain(r intake.Receipt, lang words.Lang, to intake.Audience) (all []intake.Explanation) {
	w.t.Helper()
	w.Read(account.Machine(), func(tx *store.Tx) (err error) {
		all, err = intake.Explain(tx, r.Screening, r.Application.Answers, lang, to)
		return err
	})
	return all
}

// staffOnly are the texts of a criterion that only staff may read, without the quoted answer.
func staffOnly(c screen.Criterion, lang words.Lang) (texts []string) {
	for _, text := range []words.Text{c.Because.Met, c.Because.NotMet, c.Because.Unknown} {
		for part := range strings.SplitSeq(text.In(lang), "{answer}") {
			if len([]rune(part)) > 20 {
				texts = append(texts, part)
			}
		}
	}
	return texts
}

func TestTheApplicantNeverReadsWhatIsForStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, err := w.submit(worst())
	noError(t, err)
	open, err := w.submit(blank("undisclosed"))
	noError(t, err)
	types := map[string]*intake.GroupType{}
	w.Read(account.Machine(), func(tx *store.Tx) error {
		all, err := tx.GroupTypes()
		for _, gt := range all {
			types[gt.Slug] = gt
		}
		return err
	})
	for _, lang := range words.Languages() {
		hidden, noted, shown := 0, 0, 0
		theirs, staffs := w.explain(r, lang, intake.ForApplicant), w.explain(r, lang, intake.ForStaff)
		for n, e := range theirs {
			for i, c := range types[e.Type].Criteria {
				if !c.StaffOnly {
					continue
				}
				hidden++
				if staffs[n].Reasons[i].Criterion != c.ID || staffs[n].Reasons[i].Text == c.ApplicantNote.In(lang) {
					t.Errorf("%s %s: staff read %q", e.Type, c.ID, staffs[n].Reasons[i].Text)
				}
				noted += checkHidden(t, e, types[e.Type], c, lang)
			}
			for _, reason := range e.Reasons {
				shown += len(reason.Quotes)
			}
		}
		for _, e := range w.explain(open, lang, intake.ForApplicant) {
			for _, c := range types[e.Type].Criteria {
				if c.StaffOnly {
					checkHidden(t, e, types[e.Type], c, lang)
				}
			}
		}
		if hidden == 0 || noted == 0 || shown == 0 {
			t.Errorf("%s: %d hidden, %d noted, %d quotes: the test shows nothing", lang, hidden, noted, shown)
		}
	}
}

// looksOnlyAt lists the questions that nothing but staff-only criteria of the type look at.
func looksOnlyAt(c screen.Criterion, gt *intake.GroupType) []string {
	return slices.DeleteFunc(screen.ExprFields(c.When), func(link string) bool {
		return slices.ContainsFunc(gt.Criteria, func(other screen.Criterion) bool {
			return !other.StaffOnly && slices.Contains(screen.ExprFields(other.When), link)
		})
	})
}

// checkHidden looks for a staff-only criterion in what the applicant reads, and counts its notes.
func checkHidden(
	t *testing.T, e intake.Explanation, gt *intake.GroupType, c screen.Criterion, lang words.Lang,
) (noted int) {
	t.Helper()
	fields := looksOnlyAt(c, gt)
	for _, q := range e.Open {
		if slices.Contains(fields, q.LinkID) {
			t.Errorf("%s: the applicant reads that %s is looked at", e.Type, q.LinkID)
		}
	}
	for _, reason := range e.Reasons {
		if reason.Text == c.ApplicantNote.In(lang) {
			noted++
			equal(t, "reason", reason, intake.Reason{Kind: string(c.Kind), Counts: true, Text: reason.Text})
		}
		if reason.Criterion == c.ID || slices.ContainsFunc(reason.Quotes, func(q intake.Quoted) bool {
			return slices.Contains(fields, q.LinkID)
		}) {
			t.Errorf("%s %s: the applicant reads %+v", e.Type, c.ID, reason)
		}
		for _, text := range staffOnly(c, lang) {
			if strings.Contains(reason.Text, text) {
				t.Errorf("%s %s: the applicant reads %q", e.Type, c.ID, text)
			}
		}
	}
	return noted
}

func TestReasonsQuoteTheAnswerInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, err := w.submit(with(storetest.Filled("X"), "age-band", codes("adolescent")))
	noError(t, err)
	var form *intake.Form
	w.Read(account.Machine(), func(tx *store.Tx) (err error) { form, err = tx.FormVersion(r.Screening.Form); return err })
	item, _ := form.Item("age-band")
	for _, lang := range words.Languages() {
		var said string
		for _, o := range item.Options {
			if o.Code == "adolescent" {
				said = o.Text.In(lang)
			}
		}
		for _, e := range w.explain(r, lang, intake.ForApplicant) {
			if e.Type != "self-help" {
				continue
			}
			age := e.Reasons[0]
			if age.Criterion != "age" || age.Outcome != "not_met" || !strings.Contains(age.Text, said) ||
				strings.Contains(age.Text, "{") {
				t.Errorf("%s: %+v", lang, age)
			}
			equal(t, "quote", age.Quotes, []intake.Quoted{{
				Question: intake.Question{LinkID: "age-band", Text: item.Text.In(lang)}, Answer: said,
			}})
			equal(t, "last alternative", e.Alternatives[len(e.Alternatives)-1], intake.Named{
				Slug: intake.IndividualTalk, Name: words.Say(lang, "alternative.individual-talk", nil),
			})
			if e.Name == "" || e.Alternatives[0].Name == "" || e.Alternatives[0].Name == e.Alternatives[0].Slug {
				t.Errorf("%s: %q leads to %q", lang, e.Name, e.Alternatives[0].Name)
			}
		}
	}
}

func TestNoReasonIsEmptyOrLeavesAGap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for what, f := range map[string]intake.Submission{
		"worst": worst(), "blank": blank("undisclosed"), "filled": storetest.Filled("X"), "a child": blank("child"),
	} {
		r, err := w.submit(f)
		noError(t, err)
		for _, lang := range words.Languages() {
			for _, to := range []intake.Audience{intake.ForApplicant, intake.ForStaff} {
				for _, e := range w.explain(r, lang, to) {
					for _, reason := range e.Reasons {
						if strings.TrimSpace(reason.Text) == "" || strings.Contains(reason.Text, "{") ||
							strings.Contains(reason.Text, ": .") {
							t.Errorf("%s, %s, %s %s: %q", what, lang, e.Type, reason.Criterion, reason.Text)
						}
					}
				}
			}
		}
	}
}

func TestAnswersAreReadInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := with(with(storetest.Filled("X"), "since", intake.Answer{Declined: true}), "call-me-soon",
		intake.Answer{Boolean: new(true)})
	r, err := w.submit(without(f, "feedback"))
	noError(t, err)
	var form *intake.Form
	w.Read(account.Machine(), func(tx *store.Tx) (err error) { form, err = tx.FormVersion(r.Screening.Form); return err })
	for _, lang := range words.Languages() {
		got := map[string]string{}
		for _, q := range intake.ReadAnswers(form, r.Application.Answers, lang) {
			got[q.LinkID] = q.Answer
		}
		for link, want := range map[string]string{
			"since": words.Say(lang, "answer.declined", nil), "call-me-soon": words.Say(lang, "answer.yes", nil),
			"reason": "I would like to talk with others.", "feedback": "",
		} {
			if got[link] != want {
				t.Errorf("%s, %s: %q instead of %q", lang, link, got[link], want)
			}
		}
		if _, told := got["contact"]; told || !strings.Contains(got["areas"], words.Say(lang, "list.separator", nil)) {
			t.Errorf("%s: contact told: %v, areas %q", lang, told, got["areas"])
		}
	}
}
