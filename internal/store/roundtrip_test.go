package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"grupa/intake"
	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// answerOf draws an answer of any kind, also of those that no rule would take: the store keeps what it is given.
func answerOf(r *rapid.T) intake.Answer {
	slot := rapid.Custom(func(r *rapid.T) screen.Slot {
		return screen.Slot{
			Weekday: rapid.IntRange(1, 7).Draw(r, "weekday"), From: rapid.IntRange(0, 1440).Draw(r, "from"),
			To:   rapid.IntRange(0, 1440).Draw(r, "to"),
			Kind: rapid.SampledFrom([]string{"available", "unavailable"}).Draw(r, "kind"),
		}
	})
	switch rapid.IntRange(0, 5).Draw(r, "kind of answer") {
	case 0:
		return intake.Answer{Boolean: new(rapid.Bool().Draw(r, "boolean"))}
	case 1:
		return intake.Answer{Integer: new(rapid.Int64().Draw(r, "integer"))}
	case 2:
		return intake.Answer{Text: new(rapid.String().Draw(r, "text"))}
	case 3:
		return intake.Answer{Choices: rapid.SliceOfN(rapid.String(), 1, 5).Draw(r, "choices")}
	case 4:
		return intake.Answer{Availability: append([]screen.Slot{}, rapid.SliceOfN(slot, 0, 3).Draw(r, "slots")...)}
	}
	return intake.Answer{Declined: true}
}

func TestAnApplicationIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	var programme account.Programme
	s.Read(account.Machine(), func(tx *store.Tx) (err error) { programme, err = tx.Programme(); return err })
	rapid.Check(t, func(r *rapid.T) {
		a := intake.Application{
			ID: intake.ApplicationID(account.NewID()), Programme: programme.ID, Person: account.PersonID(account.NewID()),
			Reference: account.NewReference(), Receipt: account.HashOf(account.NewID()),
			Form: intake.FormRef{Slug: "intake", Version: 1}, TimeZone: "Asia/Tehran", Version: 1,
			Language: rapid.SampledFrom(words.Languages()).Draw(r, "language"),
			State:    rapid.SampledFrom(intake.States()).Draw(r, "state"), Safety: intake.SafetyOpen,
			Answers: intake.Answers(rapid.MapOfN(rapid.String(), rapid.Custom(answerOf), 0, 8).Draw(r, "answers")),
			Contact: account.Contact{
				Name: rapid.String().Draw(r, "name"), Email: rapid.String().Draw(r, "email"),
				Phone: rapid.String().Draw(r, "phone"),
				Reach: account.ReachText, Discreet: rapid.Bool().Draw(r, "discreet"), Note: rapid.String().Draw(r, "note"),
			},
			Submitted: storetest.Epoch, Updated: storetest.Epoch.Add(time.Second),
		}
		s.Do(account.Machine(), func(tx *store.Tx) error {
			tx.Audit("test", string(a.ID))
			return tx.CreateApplication(a)
		})
		s.Read(account.Machine(), func(tx *store.Tx) error {
			got, err := tx.Application(a.ID)
			if diff := cmp.Diff(a, got, cmpopts.EquateEmpty()); diff != "" {
				r.Fatalf("-written +read:\n%s", diff)
			}
			for link, answer := range a.Answers {
				if (answer.Availability == nil) != (got.Answers[link].Availability == nil) {
					r.Fatal("never free and not known are not told apart")
				}
			}
			return err
		})
	})
}

func TestAScreeningIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	p := s.Apply(storetest.Filled("One"))
	finding := rapid.Custom(func(r *rapid.T) intake.Finding {
		return intake.Finding{
			Criterion: rapid.StringN(1, 10, -1).Draw(r, "criterion"),
			Truth:     rapid.SampledFrom([]screen.Truth{screen.True, screen.False, screen.Unknown}).Draw(r, "truth"),
			Counts:    rapid.Bool().Draw(r, "counts"),
		}
	})
	rapid.Check(t, func(r *rapid.T) {
		want := intake.Screening{
			Application: p.Application, At: storetest.Epoch.Add(time.Hour), Form: intake.FormRef{Slug: "intake", Version: 1},
			Safety: rapid.SliceOfN(rapid.String(), 0, 2).Draw(r, "safety"),
		}
		for _, slug := range rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z][a-z-]{0,9}`), 0, 12, rapid.ID).Draw(r, "types") {
			want.Types = append(want.Types, intake.TypeScreening{
				Type: slug, Version: rapid.IntRange(1, 9).Draw(r, "version"),
				Verdict:      rapid.SampledFrom([]screen.Verdict{screen.Suits, screen.Discuss, screen.NotNow}).Draw(r, "verdict"),
				Findings:     rapid.SliceOfN(finding, 0, 4).Draw(r, "findings"),
				Open:         rapid.SliceOfN(rapid.String(), 0, 2).Draw(r, "open"),
				Alternatives: rapid.SliceOfN(rapid.String(), 0, 2).Draw(r, "alternatives"),
			})
		}
		s.Do(account.Machine(), func(tx *store.Tx) error {
			tx.Audit("test", "")
			return tx.SaveScreening(want)
		})
		s.Read(account.Machine(), func(tx *store.Tx) error {
			got, err := tx.Screening(p.Application)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				r.Fatalf("-written +read:\n%s", diff)
			}
			page, err2 := tx.Applications(intake.Filter{Limit: 1})
			if err == nil && len(page.Items[0].Verdicts) != len(want.Types) {
				r.Fatal("the list shows verdicts of an older screening")
			}
			return errors.Join(err, err2)
		})
	})
}
