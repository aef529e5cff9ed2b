package account_test

import (
	"errors"
	"strings"
	"testing"

	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

func add(
	t *testing.T, s *storetest.Store, c account.Caller, email, name string, role account.Role,
) (id account.PersonID, err error) {
	t.Helper()
	err = s.Update(t.Context(), c, func(tx *store.Tx) (err error) {
		id, err = account.AddStaff(tx, email, name, role)
		return err
	})
	return id, err
}

func callerOf(t *testing.T, s *storetest.Store, email string) account.Caller {
	t.Helper()
	var token string
	s.Do(account.Machine(), func(tx *store.Tx) (err error) {
		token, err = account.AddToken(tx, email, "test")
		return err
	})
	var c account.Caller
	s.Read(account.Machine(), func(tx *store.Tx) (err error) {
		c, err = tx.CallerByToken(account.HashOf(token))
		return err
	})
	return c
}

func TestASecondRoleGoesToTheSamePerson(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	first, err := add(t, s, account.Machine(), "Anna@example.org", "Anna", account.Coordinator)
	if err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"Anna@example.org", "anna@EXAMPLE.org"} {
		again, err := add(t, s, account.Machine(), email, "", account.Facilitator)
		if err != nil || again != first {
			t.Errorf("%s: %s instead of %s, %v", email, again, first, err)
		}
	}
	c := callerOf(t, s, "anna@example.org")
	if c.Person != first || len(c.Grants) != 2 || !c.Is(account.Coordinator) || !c.Is(account.Facilitator) {
		t.Errorf("%+v", c)
	}
}

func TestStaffAreAddedOnlyByTheMachineAndOnlyProperly(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Administrator, account.Coordinator)
	for _, other := range []account.Caller{c, account.Anyone(), s.Apply(storetest.Filled("X")).Caller} {
		if _, err := add(t, s, other, "b@example.org", "", account.Facilitator); !errors.Is(err, account.ErrDenied) {
			t.Errorf("%s added staff: %v", other.Kind, err)
		}
	}
	for _, row := range []struct {
		email, name string
		role        account.Role
		want        []string
	}{
		{"", "", account.Coordinator, []string{"email:email"}},
		{"anna", "", account.Coordinator, []string{"email:email"}},
		{"Anna <anna@example.org>", "", account.Coordinator, []string{"email:email"}},
		{"anna@example.org\r\nBcc: x@example.org", "", account.Coordinator, []string{"email:email"}},
		{strings.Repeat("a", 250) + "@example.org", "", account.Coordinator, []string{"email:email"}},
		{"anna@example.org", "", "owner", []string{"role:choice"}},
		{"", "", "", []string{"email:email", "role:choice"}},
		{"anna@example.org", "two\nlines", account.Coordinator, []string{"name:one_line"}},
		{"anna@example.org", strings.Repeat("x", 201), account.Coordinator, []string{"name:too_long"}},
	} {
		_, err := add(t, s, account.Machine(), row.email, row.name, row.role)
		refused(t, row.email+row.name, err, row.want...)
	}
}

func TestATokenOpensAndIsShownOnce(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, first := s.Staff("a@example.org", account.Coordinator)
	if again := callerOf(t, s, "a@example.org"); again.Person != c.Person {
		t.Errorf("a second token is of %s", again.Person)
	}
	for what, fn := range map[string]func(tx *store.Tx) error{
		"of nobody": func(tx *store.Tx) error { _, err := account.AddToken(tx, "b@example.org", "x"); return err },
		"with a name of two lines": func(tx *store.Tx) error {
			_, err := account.AddToken(tx, "a@example.org", "a\nb")
			return err
		},
	} {
		if err := s.Update(t.Context(), account.Machine(), fn); err == nil {
			t.Errorf("a token %s was made", what)
		}
	}
	err := s.Update(t.Context(), c, func(tx *store.Tx) error {
		_, err := account.AddToken(tx, "a@example.org", "x")
		return err
	})
	if !errors.Is(err, account.ErrDenied) {
		t.Errorf("staff made a token: %v", err)
	}
	if !account.IsToken(first, account.TokenPrefix) {
		t.Error(first)
	}
}

func TestFacilitatorsAreListedForCoordinatorsAlone(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	leader, _ := s.Staff("leader@example.org", account.Facilitator)
	list := func(c account.Caller) (all []account.Person, err error) {
		err = s.View(t.Context(), c, func(tx *store.Tx) (err error) { all, err = account.Facilitators(tx); return err })
		return all, err
	}
	if all, err := list(c); err != nil || len(all) != 1 || all[0].ID != leader.Person || all[0].Contact.Name != "leader" {
		t.Errorf("%+v, %v", all, err)
	}
	for _, other := range []account.Caller{leader, account.Anyone()} {
		if _, err := list(other); !errors.Is(err, account.ErrDenied) {
			t.Errorf("%s got %v", other.Kind, err)
		}
	}
}
