package screen_test

import (
	"testing"

	"grupa/intake/screen"

	"github.com/google/go-cmp/cmp"
)

// house is a small group type: adults, not where there is pain of 9 and more, a talk in a heavy time.
func house(t *testing.T) []screen.Criterion {
	t.Helper()
	with := func(k screen.Criterion, when string) screen.Criterion {
		k.When = expr(t, when)
		return k
	}
	quiet := with(criterion("quiet", screen.Caution), `{"field":"hopes","op":"includes_none","value":["calm"]}`)
	quiet.Unknown = screen.Ignore
	return []screen.Criterion{
		with(criterion("adult", screen.Require), `{"field":"age","op":"ge","value":18}`),
		with(criterion("full", screen.Exclude), `{"all":[{"field":"pain","op":"ge","value":9},
			{"field":"call","op":"eq","value":true}]}`),
		with(criterion("heavy", screen.Caution), `{"score":"load","op":"ge","value":4}`),
		quiet,
		with(criterion("friends", screen.Prefer), `{"field":"hopes","op":"includes_any","value":["friends"]}`),
		with(criterion("early", screen.Prepare), `{"field":"free","op":"overlaps",
			"value":[{"weekday":1,"from":"08:00","to":"09:00"}]}`),
	}
}

func TestVerdictsOpenQuestionsAndWhatCounts(t *testing.T) {
	t.Parallel()
	p := compiled(t, house(t))
	fits := func(change answers) answers {
		a := answers{
			"age": code("adult"), "pain": number(2), "mood": code("some"), "sleep": code("none"),
			"hopes": codes("calm", "friends"),
		}
		for field, v := range change {
			a[field] = v
		}
		return a
	}
	early := slots(screen.Slot{Weekday: 1, From: 480, To: 540, Kind: screen.Available})
	for name, c := range map[string]struct {
		a       answers
		verdict screen.Verdict
		open    []string
		counts  []string
	}{
		"everything fits": {fits(nil), screen.Suits, nil, []string{"friends"}},
		"too young": {
			fits(answers{"age": code("child"), "mood": {}, "pain": {}}), screen.NotNow, nil, []string{"adult", "friends"},
		},
		"excluded": {
			fits(answers{"pain": number(9), "call": yes(true)}), screen.NotNow, nil, []string{"full", "friends"},
		},
		"maybe excluded": {
			fits(answers{"pain": number(9)}), screen.Discuss, []string{"call"}, []string{"full", "friends"},
		},
		"age kept back": {
			fits(answers{"age": code("undisclosed")}), screen.Discuss, []string{"age"}, []string{"adult", "friends"},
		},
		"heavy": {
			fits(answers{"mood": code("most"), "sleep": code("most")}), screen.Discuss, nil, []string{"heavy", "friends"},
		},
		"half a score": {
			fits(answers{"mood": code("most"), "sleep": {}}), screen.Discuss, []string{"sleep"}, []string{"heavy", "friends"},
		},
		"score decided early": {fits(answers{"mood": code("none"), "sleep": {}}), screen.Suits, nil, []string{"friends"}},
		"talk anyway, so sleep is not asked": {
			fits(answers{"hopes": codes("skills"), "sleep": {Why: screen.Declined}, "mood": code("most")}), screen.Discuss, nil,
			[]string{"heavy", "quiet"},
		},
		"an ignored silence": {fits(answers{"hopes": {}}), screen.Suits, nil, nil},
		"a hint":             {fits(answers{"free": early}), screen.Suits, nil, []string{"friends", "early"}},
		"an empty form": {
			answers{}, screen.Discuss, []string{"age", "pain", "call", "mood", "sleep"}, []string{"adult", "full", "heavy"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := p.Run(c.a.person())
			if got.Verdict != c.verdict {
				t.Errorf("verdict %s, want %s", got.Verdict, c.verdict)
			}
			if diff := cmp.Diff(c.open, got.Open); diff != "" {
				t.Errorf("open (-want +got):\n%s", diff)
			}
			var counts []string
			for _, f := range got.Findings {
				if f.Counts {
					counts = append(counts, f.ID)
				}
			}
			if diff := cmp.Diff(c.counts, counts); diff != "" {
				t.Errorf("counts (-want +got):\n%s", diff)
			}
			if len(got.Findings) != 6 {
				t.Errorf("%d findings, want one for every criterion", len(got.Findings))
			}
		})
	}
}

// A program is one for all; two people at once must not read each other's answers.
func TestPeopleScreenedAtOnceDoNotMix(t *testing.T) {
	t.Parallel()
	p := compiled(t, house(t))
	done := make(chan screen.Verdict)
	for _, age := range []string{"child", "adult"} {
		go func() {
			for range 200 {
				p.Run(answers{"age": code(age)}.person())
			}
			done <- p.Run(answers{"age": code(age)}.person()).Verdict
		}()
	}
	got := map[screen.Verdict]bool{<-done: true, <-done: true}
	if !got[screen.NotNow] || !got[screen.Discuss] {
		t.Errorf("verdicts %v, want one of each", got)
	}
}
