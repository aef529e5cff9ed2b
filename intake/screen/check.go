package screen

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"grupa/internal/fault"
	"grupa/internal/words"
)

// Check says everything that is wrong with the criteria of a group type, with paths such as criteria[2].when.all[0].op
// and scores.readiness.items[1]. A criterion passes only if nothing clinical and nothing unanswered can make it give
// NotNow.
func Check(criteria []Criterion, scores map[string]Score, schema Schema) error {
	c := checker{scores: scores, schema: schema}
	for _, id := range slices.Sorted(maps.Keys(scores)) {
		c.score("scores."+id, scores[id])
	}
	seen := map[string]bool{}
	for i := range criteria {
		path := fmt.Sprintf("criteria[%d]", i)
		c.criterion(path, &criteria[i])
		if id := criteria[i].ID; id == "" {
			c.faults.Add(path+".id", required)
		} else if seen[id] {
			c.faults.Add(path+".id", duplicate)
		}
		seen[criteria[i].ID] = true
	}
	return c.faults.Err()
}

// CheckExpr says everything that is wrong with one expression that stands alone at path. The scores it names are taken
// to be checked already.
func CheckExpr(path string, e Expr, scores map[string]Score, schema Schema) error {
	c := checker{scores: scores, schema: schema}
	c.when(path, &e)
	return c.faults.Err()
}

type checker struct {
	scores map[string]Score
	schema Schema
	faults fault.List
}

func (c *checker) score(path string, s Score) {
	path += ".items"
	if len(s.Items) == 0 {
		c.faults.Add(path, required)
	}
	for i, item := range s.Items {
		at := fmt.Sprintf("%s[%d]", path, i)
		field, ok := c.schema[item]
		switch {
		case !ok:
			c.faults.Add(at, unknownField, "field", item)
		case slices.Contains(s.Items[:i], item):
			c.faults.Add(at, duplicate)
		case !field.scored():
			c.faults.Add(at, incompleteScore, "item", item)
		}
	}
}

// complete says whether a score can be added up.
func (c *checker) complete(s Score) bool {
	for _, item := range s.Items {
		if !c.schema[item].scored() {
			return false
		}
	}
	return len(s.Items) > 0
}

// scored says whether every option has a score.
func (f Field) scored() bool {
	for _, code := range f.Codes {
		if _, ok := f.Scores[code]; !ok {
			return false
		}
	}
	return f.Kind == Code && len(f.Codes) > 0
}

func (c *checker) criterion(path string, k *Criterion) {
	switch k.Kind {
	case Require, Exclude:
		c.hard(path, k)
	case Caution, Prefer, Prepare:
		if k.Basis != "" {
			c.faults.Add(path+".basis", notHere)
		}
	default:
		c.faults.Add(path+".kind", notOneOf)
	}
	if !slices.Contains([]Policy{Ask, Review, Ignore}, k.Unknown) {
		c.faults.Add(path+".unknown", notOneOf)
	}
	if k.Interview && k.Kind != Caution {
		c.faults.Add(path+".interview", notHere)
	}
	c.weight(path, k)
	c.texts(path, k)
	c.when(path+".when", &k.When)
}

// hard checks what only holds for a criterion that can give NotNow.
func (c *checker) hard(path string, k *Criterion) {
	if k.Clinical {
		c.faults.Add(path+".clinical", clinicalDecides)
	}
	switch k.Basis {
	case Age, Law, Programme, Capacity, Consent:
	case "":
		c.faults.Add(path+".basis", required)
	default:
		c.faults.Add(path+".basis", notOneOf)
	}
	if k.Unknown == Ignore {
		c.faults.Add(path+".unknown", ignoreDecides)
	}
	k.When.leaves(path+".when", func(at string, leaf *Expr) {
		if leaf.Op == Answered {
			c.faults.Add(at+".op", answeredDecides)
		}
	})
}

func (c *checker) weight(path string, k *Criterion) {
	switch {
	case k.Kind != Prefer && k.Weight != 0:
		c.faults.Add(path+".weight", notHere)
	case k.Kind == Prefer && (k.Weight < 1 || k.Weight > 100):
		c.faults.Add(path+".weight", outOfRange, "min", "1", "max", "100")
	}
}

func (c *checker) texts(path string, k *Criterion) {
	c.text(path+".because.met", k.Because.Met)
	c.text(path+".because.not_met", k.Because.NotMet)
	c.text(path+".because.unknown", k.Because.Unknown)
	if k.StaffOnly || k.ApplicantNote != nil {
		c.text(path+".applicant_note", k.ApplicantNote)
	}
}

func (c *checker) text(path string, text words.Text) {
	missing := text.Missing()
	if len(text) == 0 {
		c.faults.Add(path, required)
	} else if len(missing) > 0 {
		names := make([]string, len(missing))
		for i, l := range missing {
			names[i] = string(l)
		}
		c.faults.Add(path, missingLanguage, "languages", strings.Join(names, ", "))
	}
}
