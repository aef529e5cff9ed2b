package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"grupa/intake"
	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// last is the path of the answer that with put at the end.
func last(rest string) string {
	return fmt.Sprintf("answers[%d]%s", len(storetest.Filled("").Answers)-1, rest)
}

// added is the path of an answer to an item that Filled leaves out.
func added(rest string) string {
	return fmt.Sprintf("answers[%d]%s", len(storetest.Filled("").Answers), rest)
}

func slot(weekday, from, to int, kind string) intake.Answer {
	return intake.Answer{Availability: []screen.Slot{{Weekday: weekday, From: from, To: to, Kind: kind}}}
}

func contact(c account.Contact) intake.Answer { return intake.Answer{Contact: &c} }

func TestAFormThatCanNotBeTakenSaysWhereAndLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := storetest.Filled("Somebody")
	twice := good
	twice.Answers = append(twice.Answers[:len(twice.Answers):len(twice.Answers)], good.Answers[1])
	changed := func(change func(f *intake.Submission)) intake.Submission {
		f := good
		change(&f)
		return f
	}
	type row struct {
		form intake.Submission
		want []string
	}
	on := func(link string, a intake.Answer, want string) row { return row{with(good, link, a), []string{want}} }
	for what, row := range map[string]row{
		"nothing at all": {intake.Submission{Form: good.Form}, []string{
			"answers:required_answer", "answers:required_answer", "answers:required_answer", "language:choice",
		}},
		"no reason":            {without(good, "reason"), []string{"answers:required_answer"}},
		"reason declined":      {with(good, "reason", intake.Answer{Declined: true}), []string{"answers:required_answer"}},
		"no contact":           {without(good, "contact"), []string{"answers:required_answer"}},
		"no such question":     on("hobby", codes("chess"), added(".link_id:link_id")),
		"a text in between":    on("welcome", codes("x"), added(".link_id:link_id")),
		"twice":                {twice, []string{added(".link_id:duplicate")}},
		"a boolean for a text": on("reason", intake.Answer{Boolean: new(true)}, last(":answer_kind")),
		"a text for a choice":  on("since", intake.Answer{Text: new("weeks")}, last(":answer_kind")),
		"a choice for a text":  on("hopes-own-words", codes("x"), added(":answer_kind")),
		"an integer":           on("since", intake.Answer{Integer: new(int64(1))}, last(":answer_kind")),
		"a code for a contact": on("contact", codes("x"), last(":answer_kind")),
		"no value":             on("since", intake.Answer{}, last(":one_value")),
		"two values": on("since", intake.Answer{Choices: codes("weeks").Choices, Declined: true},
			last(":one_value")),
		"too long":             on("reason", intake.Answer{Text: new(strings.Repeat("ی", 4001))}, last(".text:too_long")),
		"a control character":  on("reason", intake.Answer{Text: new("a\x00b")}, last(".text:control")),
		"not UTF-8":            on("reason", intake.Answer{Text: new("a\xff")}, last(".text:utf8")),
		"no such code":         on("since", codes("ages"), last(".choices[0]:choice")),
		"the second code":      on("areas", codes("social", "taxes"), last(".choices[1]:choice")),
		"two of one":           on("since", codes("weeks", "months"), last(".choices:one_choice")),
		"an empty list":        on("areas", intake.Answer{Choices: []string{}}, last(".choices:one_choice")),
		"a code twice":         on("areas", codes("social", "social"), last(".choices[1]:duplicate")),
		"no such weekday":      on("availability", slot(0, 60, 120, "available"), added(".availability[0].weekday:range")),
		"an eighth weekday":    on("availability", slot(8, 60, 120, "available"), added(".availability[0].weekday:range")),
		"not on a quarter":     on("availability", slot(1, 61, 120, "available"), added(".availability[0].from:quarter")),
		"before the day":       on("availability", slot(1, -15, 120, "available"), added(".availability[0].from:quarter")),
		"an end on no quarter": on("availability", slot(1, 60, 121, "available"), added(".availability[0].to:quarter")),
		"the end first":        on("availability", slot(1, 120, 60, "available"), added(".availability[0].to:quarter")),
		"no time at all":       on("availability", slot(1, 120, 120, "available"), added(".availability[0].to:quarter")),
		"after the day":        on("availability", slot(1, 60, 24*60+15, "available"), added(".availability[0].to:quarter")),
		"no such kind of slot": on("availability", slot(1, 60, 120, "maybe"), added(".availability[0].kind:choice")),
		"far too many slots": on("availability", intake.Answer{Availability: make([]screen.Slot, 673)},
			added(".availability:too_many")),
		"no way to reach": on("contact", contact(account.Contact{Name: "A", Reach: account.ReachPhone}),
			last(".contact.phone:required")),
		"nobody to reach": {with(good, "contact", contact(account.Contact{})),
			[]string{last(".contact.name:required"), last(".contact.reach:choice")}},
		"another language": {changed(func(f *intake.Submission) { f.Language = "de" }), []string{"language:choice"}},
		"no such zone": {changed(func(f *intake.Submission) { f.TimeZone = "Mars/Olympus" }),
			[]string{"time_zone:time_zone"}},
		"the machine's zone": {changed(func(f *intake.Submission) { f.TimeZone = "Local" }),
			[]string{"time_zone:time_zone"}},
		"a path for a zone": {changed(func(f *intake.Submission) { f.TimeZone = "../../etc/passwd" }),
			[]string{"time_zone:time_zone"}},
		"a version to come": {changed(func(f *intake.Submission) { f.Form.Version = 2 }),
			[]string{"form_version:form_version"}},
		"another form": {changed(func(f *intake.Submission) { f.Form.Slug = "x" }),
			[]string{"form_version:form_version"}},
		"everything, told once": {with(with(without(good, "contact"), "since", codes("ages")), "hobby", codes("x")),
			[]string{
				fmt.Sprintf("answers[%d].choices[0]:choice",
					len(good.Answers)-2), last(".link_id:link_id"), "answers:required_answer",
			}},
	} {
		_, err := w.submit(row.form)
		refused(t, what, err, row.want...)
	}
	w.Read(w.c, func(tx *store.Tx) error {
		page, err := intake.List(tx, intake.Filter{Limit: 10})
		equal(t, "applications", len(page.Items), 0)
		return err
	})
}

func TestAFormIsKeptAsItWasFilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := with(storetest.Filled("Zofia Łuć"), "availability", slot(7, 0, 24*60, "if_needed"))
	f = with(f, "hopes-own-words", intake.Answer{Declined: true})
	f.Language, f.TimeZone = words.Persian, "Asia/Tehran"
	r, err := w.submit(f)
	noError(t, err)
	var a intake.Application
	w.Do(w.c, func(tx *store.Tx) (err error) { a, err = intake.Open(tx, r.Application.ID); return err })
	want := intake.Answers{}
	for _, g := range f.Answers {
		if g.LinkID == "contact" {
			equal(t, "contact", a.Contact, *g.Answer.Contact)
			continue
		}
		want[g.LinkID] = g.Answer
	}
	equal(t, "answers", a.Answers, want)
	equal(t, "the rest", []any{a.State, a.Safety, a.Language, a.TimeZone, a.Form, a.Version, a.Submitted},
		[]any{intake.Submitted, intake.SafetyNone, words.Persian, "Asia/Tehran", f.Form, 1, storetest.Epoch})
	normal, ok := account.ParseReceipt(r.Code)
	if !ok || account.HashOf(normal) != a.Receipt {
		t.Error("the receipt does not open what it is for")
	}
}

func TestAFormWithoutAZoneIsInTheZoneOfTheSite(t *testing.T) {
	t.Parallel()
	w := world{Store: storetest.New(t, storetest.Options{TimeZone: "Europe/Riga"}), t: t}
	f := storetest.Filled("X")
	f.TimeZone = ""
	r, err := w.submit(f)
	noError(t, err)
	equal(t, "zone", r.Application.TimeZone, "Europe/Riga")
}

func TestNobodyHandsInAForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	err := w.Update(t.Context(), account.Caller{}, func(tx *store.Tx) error {
		_, err := intake.Submit(tx, storetest.Filled("X"))
		return err
	})
	equal(t, "kind", fault.KindOf(err), fault.Unauthenticated)
}

func TestTwoFormsOfOnePersonAreTwoApplications(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := storetest.Filled("Same")
	one, err := w.submit(f)
	noError(t, err)
	two, err := w.submit(f)
	noError(t, err)
	a, b := one.Application, two.Application
	if a.ID == b.ID || a.Person == b.Person || one.Code == two.Code {
		t.Error("two forms were taken for one")
	}
}
