package catalogue

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"grupa/intake/screen"
)

// person holds the codes that someone chose, by link id. What is not there was left out.
type person map[string][]string

// adult manages well, knows what they hope for, and answers everything that criteria look at.
func adult() person {
	return person{
		"applying-for": {"myself"}, "age-band": {"adult"},
		"areas":      {"interpersonal", "stress-tension"},
		"hopes":      {"communication-skills", "self-awareness", "coping-skills"},
		"daily-life": {"mostly"}, "life-crisis": {"no"}, "reality": {"no"}, "self-harm": {"no"},
		"safe-at-home": {"yes"}, "sober": {"yes"}, "attendance": {"five-of-five"}, "practice": {"yes"},
		"feedback": {"yes"}, "experience": {"individual"}, "own-wish": {"mine"},
		"ready-benefit": {"mostly"}, "ready-speak": {"somewhat"}, "ready-listen": {"fully"},
		"ready-comfort": {"somewhat"}, "ready-attend": {"fully"}, "ready-agreement": {"fully"},
	}
}

func (p person) with(field string, codes ...string) person {
	q := maps.Clone(p)
	q[field] = codes
	return q
}

func (p person) facts(field string) screen.Value {
	codes, ok := p[field]
	if !ok {
		return screen.Value{Why: screen.Unanswered}
	}
	return screen.Value{Known: true, Codes: codes}
}

// programs compiles the criteria of every type.
func programs(t *testing.T) map[string]*screen.Program {
	t.Helper()
	s := schema(intakeForm(t))
	questions := screen.NewQuestions(s)
	all := map[string]*screen.Program{}
	for slug, g := range groupTypes(t) {
		criteria, scores := rules(t, g, s)
		program, err := screen.Compile(criteria, scores, questions)
		if err != nil {
			t.Fatalf("%s: %v", slug, err)
		}
		all[slug] = program
	}
	return all
}

// screened gives the verdict of every type.
func screened(types map[string]*screen.Program, p person) map[string]screen.Verdict {
	all := map[string]screen.Verdict{}
	for slug, program := range types {
		all[slug] = program.Run(screen.NewPerson(p.facts)).Verdict
	}
	return all
}

func of(all map[string]screen.Verdict, v screen.Verdict) []string {
	var slugs []string
	for _, slug := range slices.Sorted(maps.Keys(all)) {
		if all[slug] == v {
			slugs = append(slugs, slug)
		}
	}
	return slugs
}

func TestAnAdultWhoManagesWellFindsSeveralGroups(t *testing.T) {
	t.Parallel()
	types := programs(t)
	got := screened(types, adult())
	want := []string{
		"counselling", "growth-training", "process", "psychoeducational", "self-help", "skills", "support",
	}
	if diff := cmp.Diff(want, of(got, screen.Suits)); diff != "" {
		t.Errorf("suits (-want +got):\n%s", diff)
	}
	if away := of(got, screen.NotNow); len(away) > 0 {
		t.Errorf("turned away from %v", away)
	}
}

func TestEveryTypeSuitsSomeone(t *testing.T) {
	t.Parallel()
	types := programs(t)
	suited := map[string]bool{}
	for _, p := range []person{
		adult(),
		adult().with("applying-for", "our-team"),
		adult().with("applying-for", "my-family"),
		adult().with("applying-for", "my-neighbourhood"),
		adult().with("areas", "poverty"),
		adult().with("areas", "fear-anxiety").with("hopes", "symptom-relief"),
	} {
		for _, slug := range of(screened(types, p), screen.Suits) {
			suited[slug] = true
		}
	}
	for slug := range groupTypes(t) {
		if !suited[slug] {
			t.Errorf("%s suits nobody", slug)
		}
	}
}

// anyOpen says whether one of the other types is not closed to this person.
func anyOpen(others []string, got map[string]screen.Verdict) bool {
	return slices.ContainsFunc(others, func(other string) bool {
		verdict, isType := got[other]
		return isType && verdict != screen.NotNow
	})
}

func TestAYoungPersonIsTurnedAwayOnlyWithADoorLeftOpen(t *testing.T) {
	t.Parallel()
	types := programs(t)
	adults := []string{"growth-training", "process", "psychotherapy", "self-help"}
	from16 := []string{"counselling", "psychosocial", "support", "task-work"}
	from12 := []string{"psychoeducational", "skills"}
	for band, want := range map[string][]string{
		"adolescent": adults, "child": slices.Sorted(slices.Values(slices.Concat(adults, from16, from12))),
	} {
		got := screened(types, adult().with("age-band", band))
		if diff := cmp.Diff(want, of(got, screen.NotNow)); diff != "" {
			t.Errorf("%s: not now (-want +got):\n%s", band, diff)
		}
	}
	got := screened(types, adult().with("age-band", "adolescent"))
	for _, slug := range adults {
		if !anyOpen(groupTypes(t)[slug].Others, got) {
			t.Errorf("at 12 to 17, %s leads to no other group", slug)
		}
	}
	for _, slug := range from16 {
		if got[slug] != screen.Discuss {
			t.Errorf("12 to 17 may be 16, so %s has to ask: %s", slug, got[slug])
		}
	}
}

func TestABlankFormTurnsNobodyAwayAndPromisesNothing(t *testing.T) {
	t.Parallel()
	types := programs(t)
	for slug, verdict := range screened(types, person{}) {
		if verdict != screen.Discuss {
			t.Errorf("%s: %s", slug, verdict)
		}
	}
}

func TestNoAnswerAboutHealthTurnsAnyoneAway(t *testing.T) {
	t.Parallel()
	types := programs(t)
	before := screened(types, adult())
	for _, i := range intakeForm(t).Items {
		for _, o := range i.Options {
			if !i.Clinical {
				continue
			}
			after := screened(types, adult().with(i.LinkID, o.Code))
			for slug := range before {
				if after[slug] == screen.NotNow {
					t.Errorf("%s %s: not now for %s", i.LinkID, o.Code, slug)
				}
			}
		}
	}
}

func TestThoughtsOfNotLivingAreTalkedAboutBeforeAnyGroup(t *testing.T) {
	t.Parallel()
	types := programs(t)
	for slug, verdict := range screened(types, adult().with("self-harm", "lately")) {
		if verdict == screen.Suits {
			t.Errorf("%s suits without a talk", slug)
		}
	}
}
