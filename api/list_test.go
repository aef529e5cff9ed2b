package api_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"grupa/api"
	"grupa/intake"
	"grupa/internal/store/storetest"
)

func TestAListIsCountedWhenItIsAskedFor(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for range 3 {
		s.Apply(storetest.Filled("Ada Example"))
	}
	for query, want := range map[string]*api.ApplicationTotal{
		"?total=true&limit=2":                 {Count: 3},
		"?total=true&q=ada":                   {Count: 3},
		"?total=true&q=nobody":                {},
		"?total=true&state=submitted&limit=1": {Count: 3},
		"?total=true&state=enrolled":          {},
		"?total=false":                        nil,
		"":                                    nil,
	} {
		a := s.call("GET", "/api/v1/applications"+query, s.token, nil)
		var list api.ApplicationList
		a.into(200, &list)
		if diff := cmp.Diff(want, list.Total); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
		if want == nil && strings.Contains(string(a.body), "total") {
			t.Errorf("%s: %s", query, a.body)
		}
	}
}

func TestTheContractNamesEveryStateThatAListCanBeFilteredBy(t *testing.T) {
	t.Parallel()
	spec, err := api.GetSpec()
	if err != nil {
		t.Fatal(err)
	}
	named := spec.Paths.Find("/api/v1/applications").Get.Parameters.GetByInAndName("query", "state")
	var want []any
	for _, state := range intake.States() {
		want = append(want, string(state))
	}
	if diff := cmp.Diff(want, named.Schema.Value.Items.Value.Enum); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}
