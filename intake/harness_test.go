package intake_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

// world is a database with a coordinator.
type world struct {
	*storetest.Store
	t testing.TB
	c account.Caller
}

func newWorld(t testing.TB) world {
	t.Helper()
	s := storetest.New(t)
	c, _ := s.Staff("coordinator@example.org", account.Coordinator)
	return world{s, t, c}
}

// submit tries to hand in a form.
func (w world) submit(f intake.Submission) (r intake.Receipt, err error) {
	w.t.Helper()
	err = w.Update(w.t.Context(), account.Anyone(), func(tx *store.Tx) (err error) {
		r, err = intake.Submit(tx, f)
		return err
	})
	return r, err
}

func (w world) decide(c account.Caller, id intake.ApplicationID, version int, d intake.Decision) error {
	w.t.Helper()
	return w.Update(w.t.Context(), c, func(tx *store.Tx) error {
		_, err := intake.Decide(tx, id, version, d)
		return err
	})
}

func (w world) head(id intake.ApplicationID) (a intake.Application) {
	w.t.Helper()
	w.Read(account.Machine(), func(tx *store.Tx) (err error) { a, err = tx.ApplicationHead(id); return err })
	return a
}

// put puts an application into a state by force.
func (w world) put(id intake.ApplicationID, to intake.State) {
	w.t.Helper()
	w.Do(account.Machine(), func(tx *store.Tx) error {
		a, err := tx.ApplicationHead(id)
		if err != nil {
			return err
		}
		a.State = to
		tx.Audit("test.put", string(id))
		return tx.SaveApplication(a)
	})
}

// with answers an item in place of what the form has there.
func with(f intake.Submission, link string, a intake.Answer) intake.Submission {
	f = without(f, link)
	f.Answers = append(f.Answers, intake.Given{LinkID: link, Answer: a})
	return f
}

func without(f intake.Submission, link string) intake.Submission {
	f.Answers = slices.DeleteFunc(slices.Clone(f.Answers), func(g intake.Given) bool { return g.LinkID == link })
	return f
}

func codes(c ...string) intake.Answer { return intake.Answer{Choices: c} }

// blank is a form with nothing but what must be answered.
func blank(age string) intake.Submission {
	f := storetest.Filled("Somebody")
	f.Answers = slices.DeleteFunc(f.Answers,
		func(g intake.Given) bool { return g.LinkID != "reason" && g.LinkID != "contact" })
	return with(f, "age-band", codes(age))
}

// fields are the fields at fault, each as path and code.
func fields(err error) (all []string) {
	if e := fault.Of(err); e != nil {
		for _, f := range e.Fields {
			all = append(all, f.Path+":"+f.Code)
		}
	}
	return all
}

func refused(t testing.TB, what string, err error, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, fields(err)); diff != "" || fault.KindOf(err) != fault.Invalid {
		t.Errorf("%s: %v (-want +got):\n%s", what, err, diff)
	}
}

func isError(t testing.TB, what string, got, want error) {
	t.Helper()
	if g := fault.Of(got); g == nil || !g.Is(want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
