package screen_test

import (
	"slices"
	"testing"

	"grupa/internal/fault"

	"github.com/google/go-cmp/cmp"
)

// has says whether the error tells of that code at that path.
func has(err error, path, code string) bool {
	e := fault.Of(err)
	if e == nil {
		return false
	}
	return slices.ContainsFunc(e.Fields, func(f fault.Field) bool { return f.Path == path && f.Code == code })
}

// wantFaults compares all field errors, each as "path code".
func wantFaults(t *testing.T, err error, want ...string) {
	t.Helper()
	var got []string
	if e := fault.Of(err); e != nil {
		for _, f := range e.Fields {
			got = append(got, f.Path+" "+f.Code)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}
