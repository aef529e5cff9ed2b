package screen_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"grupa/intake/screen"
)

// tally counts by truth: no, unknown, yes.
type tally [3]int

func (t *tally) add(truth screen.Truth) { t[truth-screen.False]++ }

// Real answers of 5,533 people to nine questions of four options. Their owners counted with another program: nobody who
// did not answer may come out as a "no".
func TestRealUnfinishedQuestionnairesAreNotCountedAsNo(t *testing.T) {
	t.Parallel()
	header, records := records(t, "nhanes", "DPQ_J.csv")
	schema, items := screen.Schema{}, header[1:10]
	for _, item := range items {
		schema[item] = screen.Field{
			Kind: screen.Code, Codes: []string{"0.0", "1.0", "2.0", "3.0"},
			Scores: map[string]float64{"0.0": 0, "1.0": 1, "2.0": 2, "3.0": 3},
			Ranges: map[string]screen.Interval{"0.0": {}, "1.0": {Lo: 1, Hi: 1}, "2.0": {Lo: 2, Hi: 2}, "3.0": {Lo: 3, Hi: 3}},
		}
	}
	scores := map[string]screen.Score{"sum": {Items: items}}
	sum, last := criterion("sum", screen.Caution), criterion("last", screen.Caution)
	sum.When = expr(t, `{"score":"sum","op":"ge","value":10}`)
	last.When = expr(t, `{"field":"`+items[8]+`","op":"ge","value":1}`)
	p, err := screen.Compile([]screen.Criterion{sum, last}, scores, screen.NewQuestions(schema))
	if err != nil {
		t.Fatal(err)
	}
	var sums, lasts, partly tally
	for _, record := range records {
		a := answers{}
		for i, item := range items {
			switch record[i+1] {
			case "0.0", "1.0", "2.0", "3.0":
				a[item] = code(record[i+1])
			case "7.0":
				a[item] = screen.Value{Why: screen.Declined}
			}
		}
		findings := p.Run(a.person()).Findings
		sums.add(findings[0].Truth)
		lasts.add(findings[1].Truth)
		if known := knownOf(a); known > 0 && known < len(items) {
			partly.add(findings[0].Truth)
		}
	}
	if want := (tally{4623, 449, 461}); sums != want {
		t.Errorf("sum of 10 and more: %v, want %v", sums, want)
	}
	if want := (tally{4893, 448, 192}); lasts != want {
		t.Errorf("last question: %v, want %v", lasts, want)
	}
	if partly[0]+partly[2] != 16 || partly[1] != 9 {
		t.Errorf("partly answered: %v, want 16 of 25 decided all the same", partly)
	}
}

func knownOf(a answers) int {
	n := 0
	for _, v := range a {
		if v.Known {
			n++
		}
	}
	return n
}

// records reads a file of the test data outside the repository.
func records(t *testing.T, path ...string) (header []string, rest [][]string) {
	t.Helper()
	folder := os.Getenv("GRUPA_TEST_DATA")
	switch {
	case folder == "" && os.Getenv("CI") != "":
		t.Fatal("GRUPA_TEST_DATA is not set, and in CI it has to be")
	case folder == "":
		t.Skip("GRUPA_TEST_DATA is not set: no real questionnaires to count")
	}
	f, err := os.Open(filepath.Join(append([]string{folder}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil || len(all) < 2 {
		t.Fatalf("%d records: %v", len(all), err)
	}
	return all[0], all[1:]
}
