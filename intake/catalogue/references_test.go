package catalogue

import (
	"slices"
	"strings"
	"testing"

	"grupa/intake/screen"
)

// schema is the form as criteria see it.
func schema(f form) screen.Schema {
	kinds := map[string]screen.Kind{
		"text": screen.Opaque, "contact": screen.Opaque, "boolean": screen.Bool, "integer": screen.Number,
		"choice": screen.Code, "choices": screen.Codes, "availability": screen.Slots,
	}
	all := screen.Schema{}
	for _, i := range f.Items {
		if i.Kind == "display" {
			continue
		}
		field := screen.Field{Kind: kinds[i.Kind], Ranges: map[string]screen.Interval{}, Scores: map[string]float64{}}
		for _, o := range i.Options {
			field.Codes = append(field.Codes, o.Code)
			if o.Low != nil {
				field.Ranges[o.Code] = screen.Interval{Lo: *o.Low, Hi: *o.High}
			}
			if o.Score != nil {
				field.Scores[o.Code] = *o.Score
			}
		}
		all[i.LinkID] = field
	}
	return all
}

// rules parses the criteria of a type and checks them against the form.
func rules(t *testing.T, g groupType, s screen.Schema) ([]screen.Criterion, map[string]screen.Score) {
	t.Helper()
	criteria, err := screen.ParseCriteria(g.Criteria)
	if err != nil {
		t.Fatalf("%s: %v", g.Slug, err)
	}
	scores, err := screen.ParseScores(g.Scores)
	if err != nil {
		t.Fatalf("%s: %v", g.Slug, err)
	}
	if err := screen.Check(criteria, scores, s); err != nil {
		t.Errorf("%s: %v", g.Slug, err)
	}
	return criteria, scores
}

func TestCriteriaFitTheForm(t *testing.T) {
	t.Parallel()
	f := intakeForm(t)
	s := schema(f)
	for slug, g := range groupTypes(t) {
		criteria, _ := rules(t, g, s)
		if len(criteria) < 6 || len(criteria) > 10 {
			t.Errorf("%s has %d criteria", slug, len(criteria))
		}
	}
	for _, entry := range f.Safety {
		expr, err := screen.ParseExpr(entry.When)
		if err == nil {
			err = screen.CheckExpr("safety", expr, nil, s)
		}
		if err != nil {
			t.Errorf("%s: %v", entry.ID, err)
		}
	}
}

func TestNobodyIsTurnedAwayForAnythingButTheirAge(t *testing.T) {
	t.Parallel()
	f := intakeForm(t)
	clinical := map[string]bool{}
	for _, i := range f.Items {
		clinical[i.LinkID] = i.Clinical
	}
	for slug, g := range groupTypes(t) {
		criteria, _ := rules(t, g, schema(f))
		for _, c := range criteria {
			fields := screen.ExprFields(c.When)
			hard := c.Kind == screen.Require || c.Kind == screen.Exclude
			if hard && (c.Clinical || c.Basis != screen.Age || !slices.Equal(fields, []string{"age-band"})) {
				t.Errorf("%s: %s is hard", slug, c.ID)
			}
			asksHealth := slices.ContainsFunc(fields, func(field string) bool { return clinical[field] })
			if asksHealth && !c.Clinical {
				t.Errorf("%s: %s is about health and does not say so", slug, c.ID)
			}
		}
	}
}

func TestEveryTypeNamesOnlyWhatExists(t *testing.T) {
	t.Parallel()
	known := map[string][]string{}
	for _, v := range vocabularies(t) {
		known[v.Name] = slugsOf(v)
	}
	types := groupTypes(t)
	for slug, g := range types {
		lists := map[string][]string{
			"aim": g.Aims, "area": g.Areas, "objective": g.Objectives, "model": g.Models, "modality": g.Modalities,
			"technique": g.Techniques, "formation": g.Formation, "leadership": g.Leadership,
			"leader-role": g.LeaderRoles, "membership": g.Membership, "composition": {g.Composition},
			"delivery": g.Delivery, "consent-element": g.Consent,
		}
		for name, list := range lists {
			if len(list) == 0 || len(slices.Compact(slices.Sorted(slices.Values(list)))) != len(list) {
				t.Errorf("%s: %s is empty or has one twice: %v", slug, name, list)
			}
			for _, word := range list {
				if !slices.Contains(known[name], word) {
					t.Errorf("%s: no %s %q", slug, name, word)
				}
			}
		}
		for i, other := range g.Others {
			last := i == len(g.Others)-1
			if _, ok := types[other]; other == slug || last != (other == "individual-talk") || !last && !ok {
				t.Errorf("%s: %q is no alternative in place %d", slug, other, i)
			}
		}
		if len(g.Others) < 2 || g.Sources["criteria"] == "" || g.Sources["size"] == "" {
			t.Errorf("%s: says too little of alternatives %v or sources %v", slug, g.Others, g.Sources)
		}
	}
}

func TestObjectivesAndTypesAgree(t *testing.T) {
	t.Parallel()
	types := groupTypes(t)
	for _, v := range vocabularies(t) {
		for _, e := range v.Entries {
			if (v.Name == "objective") != (len(e.Aims) > 0) || (v.Name == "objective") != (len(e.Types) > 0) {
				t.Errorf("%s/%s: aims %v, types %v", v.Name, e.Slug, e.Aims, e.Types)
			}
			if (v.Name == "consent-element") != (e.Version > 0) {
				t.Errorf("%s/%s: version %d", v.Name, e.Slug, e.Version)
			}
			for slug, g := range types {
				listed := v.Name == "objective" && slices.Contains(g.Objectives, e.Slug)
				if listed != slices.Contains(e.Types, slug) {
					t.Errorf("%s and %s don't agree", slug, e.Slug)
				}
				served := slices.ContainsFunc(e.Aims, func(aim string) bool { return slices.Contains(g.Aims, aim) })
				if listed && !served {
					t.Errorf("%s lists %s, which serves none of its aims", slug, e.Slug)
				}
			}
		}
	}
}

// The purpose of a type is its objectives and areas: said twice in its file, so they must not drift apart.
func TestThePurposeAsksForWhatTheTypeWorksOn(t *testing.T) {
	t.Parallel()
	for slug, g := range groupTypes(t) {
		criteria, _ := rules(t, g, schema(intakeForm(t)))
		at := slices.IndexFunc(criteria, func(c screen.Criterion) bool { return c.ID == "purpose" })
		if at < 0 || len(criteria[at].When.Of) != 2 {
			t.Fatalf("%s has no purpose", slug)
		}
		hopes := slices.DeleteFunc(slices.Clone(g.Objectives), func(o string) bool {
			return strings.HasPrefix(o, "other-")
		})
		for i, want := range [][]string{hopes, g.Areas} {
			if got := criteria[at].When.Of[i].Of[0].Operand.Codes; !slices.Equal(got, want) {
				t.Errorf("%s: asks for %v, works on %v", slug, got, want)
			}
		}
	}
}
