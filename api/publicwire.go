package api

import (
	"fmt"
	"strconv"
	"strings"

	"grupa/intake"
	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/words"
)

func groupTypeOut(t *intake.GroupType, lang words.Lang) GroupType {
	out := GroupType{
		Slug: t.Slug, Version: t.Version, Language: string(lang), Name: t.Name.In(lang), Summary: t.Summary.In(lang),
		Aims: list(t.Aims), Areas: t.Areas, Objectives: t.Objectives, Models: t.Models, Modalities: t.Modalities,
		Techniques: t.Techniques, Formation: t.Formation, Leadership: t.Leadership, LeaderRoles: t.LeaderRoles,
		Size: spanOut(t.Size), Leaders: spanOut(t.Leaders), SessionMinutes: spanOut(t.Minutes), Membership: list(t.Membership),
		Delivery: list(t.Delivery), Composition: t.Composition, Consents: list(t.Consent),
	}
	if t.Count != nil {
		out.SessionCount = spanOut(*t.Count)
	}
	return out
}

// list is never null: a client that loops over it need not ask.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

func formOut(f *intake.Form, lang words.Lang) Form {
	out := Form{
		Slug: f.Slug, Version: f.Version, Language: string(lang), Direction: FormDirection(lang.Direction()),
		Title: f.Title.In(lang), Intro: f.Intro.In(lang), Items: []FormItem{},
	}
	for _, i := range f.Items {
		item := FormItem{
			LinkID: i.LinkID, Kind: FormItemKind(i.Kind), Text: i.Text.In(lang), Help: i.Help.In(lang),
			Required: i.Required, MaxLength: i.MaxLength,
		}
		if i.Kind == intake.Integer {
			item.Min, item.Max = new(i.Min), new(i.Max)
		}
		for _, o := range i.Options {
			item.Options = append(item.Options, FormOption{Code: o.Code, Text: o.Text.In(lang)})
		}
		out.Items = append(out.Items, item)
	}
	return out
}

func submissionIn(b Submission) (intake.Submission, error) {
	s := intake.Submission{
		Form:     intake.FormRef{Slug: b.Form, Version: b.FormVersion},
		Language: words.Lang(b.Language), TimeZone: b.TimeZone,
	}
	var l fault.List
	for n, a := range b.Answers {
		answer, err := answerIn(a)
		if err := l.Take(fault.Within(fmt.Sprintf("answers[%d]", n), err)); err != nil {
			return s, err
		}
		s.Answers = append(s.Answers, intake.Given{LinkID: a.LinkID, Answer: answer})
	}
	return s, l.Err()
}

func answerIn(a Answer) (intake.Answer, error) {
	answer := intake.Answer{
		Boolean: a.Boolean, Integer: a.Integer, Text: a.Text, Choices: a.Choices, Declined: a.Declined,
	}
	if c := a.Contact; c != nil {
		answer.Contact = &account.Contact{
			Name: c.Name, Email: c.Email, Phone: c.Phone, Reach: account.Reach(c.Reach), Discreet: c.Discreet, Note: c.Note,
		}
	}
	if a.Availability == nil {
		return answer, nil
	}
	answer.Availability = make([]screen.Slot, 0, len(a.Availability))
	for n, s := range a.Availability {
		from, ok1 := minutesIn(s.From)
		to, ok2 := minutesIn(s.To)
		switch {
		case !ok1:
			return answer, fault.At(fmt.Sprintf("availability[%d].from", n), "clock")
		case !ok2:
			return answer, fault.At(fmt.Sprintf("availability[%d].to", n), "clock")
		}
		answer.Availability = append(answer.Availability, screen.Slot{
			Weekday: s.Weekday, From: from, To: to, Kind: string(s.Kind),
		})
	}
	return answer, nil
}

// minutesIn reads a wall clock such as 17:15 or 24:00 as minutes after midnight.
func minutesIn(text string) (int, bool) {
	hours, minutes, ok := strings.Cut(text, ":")
	h, err1 := strconv.ParseUint(hours, 10, 8)
	m, err2 := strconv.ParseUint(minutes, 10, 8)
	if !ok || err1 != nil || err2 != nil || len(hours) != 2 || len(minutes) != 2 || m > 59 || h*60+m > 24*60 {
		return 0, false
	}
	return int(h*60 + m), true
}

func clockOut(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

func slotsOut(slots []screen.Slot) []Slot {
	if slots == nil {
		return nil
	}
	out := []Slot{}
	for _, s := range slots {
		out = append(out, Slot{Weekday: s.Weekday, From: clockOut(s.From), To: clockOut(s.To), Kind: SlotKind(s.Kind)})
	}
	return out
}

func screeningOut(
	lib intake.Library, s intake.Screening, answers intake.Answers, lang words.Lang, to intake.Audience,
) (Screening, error) {
	explained, err := intake.Explain(lib, s, answers, lang, to)
	out := Screening{Language: string(lang), At: s.At, Types: []TypeScreening{}}
	if to == intake.ForStaff {
		out.Safety = s.Safety
	}
	for _, e := range explained {
		out.Types = append(out.Types, typeScreeningOut(e, lang))
	}
	return out, err
}

func typeScreeningOut(e intake.Explanation, lang words.Lang) TypeScreening {
	t := TypeScreening{
		GroupType: e.Type, Name: e.Name, Version: e.Version, Verdict: TypeScreeningVerdict(e.Verdict),
		VerdictText: words.Say(lang, "verdict."+string(e.Verdict), nil), Reasons: []Reason{},
	}
	for _, r := range e.Reasons {
		reason := Reason{
			Criterion: r.Criterion, Kind: ReasonKind(r.Kind), Outcome: ReasonOutcome(r.Outcome), Counts: r.Counts,
			Text: r.Text,
		}
		for _, q := range r.Quotes {
			reason.Quotes = append(reason.Quotes, Quote{LinkID: q.LinkID, Question: q.Text, Answer: q.Answer})
		}
		t.Reasons = append(t.Reasons, reason)
	}
	for _, q := range e.Open {
		t.OpenQuestions = append(t.OpenQuestions, Question{LinkID: q.LinkID, Text: q.Text})
	}
	for _, a := range e.Alternatives {
		t.Alternatives = append(t.Alternatives, Named{Slug: a.Slug, Name: a.Name})
	}
	return t
}

func spanOut(s intake.Span) Span { return Span{Min: s.Min, Max: s.Max} }
