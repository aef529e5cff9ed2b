package main

import (
	"context"
	"net/http"
	"testing"

	"grupa/internal/bench/rig"
)

// A seat that is sold twice is seen whether the answers tell of it or only the database.
func TestASeatThatIsSoldTwiceIsSeen(t *testing.T) {
	t.Parallel()
	bench, err := rig.New(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	place, err := bench.Place()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{bench: bench, place: place, database: place.Data() + ".db"}
	tell(t, h, `CREATE TABLE offer (id TEXT, group_id TEXT, state TEXT)`)
	tell(t, h, `INSERT INTO offer VALUES ('a', 'g', 'held'), ('b', 'g', 'declined')`)
	won, no := claim{group: "g", offer: "a", status: http.StatusCreated}, full("g", 0, 0)
	if r := judged(t, h, won, no, no); r.Fault() == nil || r.Lost+r.Duplicated+r.Wrong > 0 || r.Acknowledged != 3 {
		t.Errorf("one winner and two who were told so are: %v", r.Complaints)
	}
	if r := judged(t, h, won, won, no); r.Duplicated != 1 {
		t.Errorf("two winners in the answers: %+v", r)
	}
	if r := judged(t, h, no, no); r.Wrong == 0 {
		t.Errorf("nobody won, and that passed: %+v", r)
	}
	if r := judged(t, h, won, claim{group: "g", status: http.StatusInternalServerError}); r.Wrong == 0 {
		t.Errorf("a 500 passed: %+v", r)
	}
	lost := claim{group: "g", offer: "c", status: http.StatusCreated}
	if r := judged(t, h, lost, no); r.Lost != 1 {
		t.Errorf("an offer that is not there passed: %+v", r)
	}
	tell(t, h, `INSERT INTO offer VALUES ('d', 'g', 'held')`)
	if r := judged(t, h, won, no); r.Duplicated != 1 {
		t.Errorf("two winners in the database: %+v", r)
	}
}

func tell(t *testing.T, h *house, statement string) {
	t.Helper()
	if err := h.tell(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func judged(t *testing.T, h *house, claims ...claim) (r Result) {
	t.Helper()
	if err := h.judge(context.WithoutCancel(t.Context()), &r, claims, 1); err != nil {
		t.Fatal(err)
	}
	return r
}
