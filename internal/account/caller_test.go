package account_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"grupa/internal/account"
)

func TestARoleCountsOnlyInItsProgrammeAndOnlyForStaff(t *testing.T) {
	t.Parallel()
	here, there := account.ProgrammeID("here"), account.ProgrammeID("there")
	grants := []account.Grant{
		{Programme: here, Role: account.Administrator}, {Programme: here, Role: account.Facilitator},
		{Programme: there, Role: account.Coordinator},
	}
	c := account.Caller{Kind: account.Staff, Person: "P", Grants: grants}
	for _, row := range []struct {
		programme account.ProgrammeID
		role      account.Role
		want      bool
	}{
		{here, account.Administrator, true}, {here, account.Facilitator, true}, {here, account.Coordinator, false},
		{there, account.Coordinator, true}, {there, account.Administrator, false}, {"", account.Coordinator, false},
	} {
		if got := c.May(row.programme, row.role); got != row.want {
			t.Errorf("%s as %s: %v", row.programme, row.role, got)
		}
	}
	if !c.May(here, account.Coordinator, account.Facilitator) || c.May(here) {
		t.Error("one of several roles is enough, and none is not")
	}
	if diff := cmp.Diff([]account.ProgrammeID{here}, c.In(account.Administrator, account.Facilitator)); diff != "" {
		t.Error(diff)
	}
	for _, kind := range []account.Kind{account.Nobody, account.Public, account.Applicant, account.System} {
		other := account.Caller{Kind: kind, Person: "P", Grants: grants}
		if other.May(there, account.Coordinator) || other.Is(account.Coordinator) || other.In(account.Coordinator) != nil {
			t.Errorf("%q has the roles of staff", kind)
		}
	}
}
