package store_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// manyGroups makes groups of two types in several states, several within one second.
func manyGroups(s *storetest.Store, c account.Caller, n int) (all []group.Group) {
	for i := range n {
		s.Do(c, func(tx *store.Tx) error {
			g, err := group.Create(tx, group.Draft{
				Type: []string{"support", "skills"}[i%2], Title: fmt.Sprint(i), Language: words.Polish,
				State: []group.State{group.Planned, group.Recruiting}[i%3/2],
			})
			all = append(all, g)
			return err
		})
		if i%4 == 0 {
			s.Clock.Advance(time.Second)
		}
	}
	slices.SortFunc(all, func(a, b group.Group) int {
		return -cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return all
}

func pagedGroups(t tester, s *storetest.Store, c account.Caller, f group.Filter) (all []group.Group) {
	for {
		var page group.Page
		err := s.View(t.Context(), c, func(tx *store.Tx) (err error) {
			page, err = group.List(tx, f)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, page.Items...); page.Next == "" {
			return all
		}
		f.Cursor = page.Next
	}
}

func TestPagesOfGroupsAreCompleteAndInOrder(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	all := manyGroups(s, c, 23)
	for _, f := range []group.Filter{
		{}, {Type: "skills"}, {States: []group.State{group.Planned}}, {States: []group.State{group.Closed}},
		{Type: "support", States: []group.State{group.Planned, group.Recruiting}},
	} {
		var want []group.Group
		for _, g := range all {
			if (f.Type == "" || g.Type == f.Type) && (f.States == nil || slices.Contains(f.States, g.State)) {
				want = append(want, g)
			}
		}
		for f.Limit = 1; f.Limit < 25; f.Limit += 3 {
			equal(t, fmt.Sprintf("%+v", f), pagedGroups(t, s, c, f), want)
		}
	}
}

func TestAPageOfGroupsWithoutALimitOrWithAForgedCursorIsRefused(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	manyGroups(s, c, 2)
	for _, row := range []struct {
		filter group.Filter
		want   error
	}{
		{group.Filter{}, fault.At("limit", "range", "min", "1", "max", "100")},
		{group.Filter{Limit: 101}, fault.At("limit", "range", "min", "1", "max", "100")},
		{group.Filter{Limit: 1, Cursor: "x"}, fault.At("cursor", "cursor")},
	} {
		err := s.View(t.Context(), c, func(tx *store.Tx) error { _, err := group.List(tx, row.filter); return err })
		isError(t, fmt.Sprintf("%+v", row.filter), err, row.want)
	}
}
