package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestARowSaysWhetherItsPromiseIsKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		must, aim bound
		median    float64
		want      string
	}{
		{"above must and aim", atLeast(2), atLeast(3), 3, "yes, and the aim"},
		{"between must and aim", atLeast(2), atLeast(3), 2, "yes"},
		{"below must", atLeast(2), atLeast(3), 1.99, "**no**"},
		{"a time within its aim", atMost(0.5), atMost(0.25), 0.25, "yes, and the aim"},
		{"a time within its must", atMost(0.5), atMost(0.25), 0.5, "yes"},
		{"a time too long", atMost(0.5), atMost(0.25), 0.51, "**no**"},
		{"nothing promised", bound{}, bound{}, 0.001, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := row{number: 1, must: c.must, aim: c.aim, ratio: ratio{c.median, 0, 9}}
			if got := r.verdict(); got != c.want {
				t.Errorf("%q instead of %q", got, c.want)
			}
			if broken := kept([]row{r}) != nil; broken != (c.want == "**no**") {
				t.Errorf("the program fails: %t", broken)
			}
		})
	}
}

func TestAFindingIsShownUntilTheAimIsReached(t *testing.T) {
	t.Parallel()
	r := row{number: 4, work: "p99", ratio: ratio{0.3, 0.28, 0.31}, must: atMost(0.5), aim: atMost(0.25), finding: "why"}
	if diff := cmp.Diff("| 4 | p99 | 0.30× [0.28–0.31] | ≤ 0.5× | ≤ 0.25× | yes | why |", r.String()); diff != "" {
		t.Error(diff)
	}
	r.ratio.median, r.unit = 0.2, " ms"
	want := "| 4 | p99 | 0.20 ms [0.28–0.31] | ≤ 0.5 ms | ≤ 0.25 ms | yes, and the aim |  |"
	if diff := cmp.Diff(want, r.String()); diff != "" {
		t.Error(diff)
	}
}

func TestTheTableIsInTheOrderOfThePromises(t *testing.T) {
	t.Parallel()
	text := rowTable([]row{{number: 2, work: "b"}, {work: "last"}, {number: 1, work: "a"}, {number: 2, work: "c"}})
	var works []string
	for line := range strings.SplitSeq(strings.TrimSpace(strings.TrimPrefix(text, rowsHead)), "\n") {
		works = append(works, strings.TrimSpace(strings.Split(line, "|")[2]))
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "last"}, works); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyThePartsOfTheRowsThatAreAskedForRun(t *testing.T) {
	t.Parallel()
	o, err := readOptions([]string{"-rows", "2,19"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		rows []int
		want bool
	}{"asked for": {[]int{1, 2}, true}, "another": {[]int{3}, false}, "without a number": {nil, false}} {
		if got := o.wants(part{rows: c.rows}); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if o, err = readOptions([]string{"-rows", "0"}); err != nil || !o.wants(part{}) || o.wants(part{rows: []int{1}}) {
		t.Errorf("0 is not what has no number: %v", err)
	}
	if all, err := readOptions(nil); err != nil || !all.wants(part{}) {
		t.Errorf("nothing asked for, and not everything measured: %v", err)
	}
	for _, bad := range [][]string{{"-rows", "1,x"}, {"-rounds", "0"}, {"-applications", "0"}} {
		if _, err := readOptions(bad); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}
