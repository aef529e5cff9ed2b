package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAHistoryThatNobodyCouldHaveSeenIsFound(t *testing.T) {
	t.Parallel()
	for n, history := range brokenHistories() {
		if linearizable(history, map[string]int{"g": 1}) {
			t.Errorf("%d: %+v passed", n, history)
		}
	}
}

func TestAHistoryThatOneCoordinatorCouldHaveSeenPasses(t *testing.T) {
	t.Parallel()
	yes, gone := http.StatusCreated, http.StatusNoContent
	for name, history := range map[string][]claim{
		"two at once, one seat": {
			{group: "g", status: yes, called: 1, answered: 4}, full("g", 2, 3),
		},
		"refused while it was given back": {
			{group: "g", status: yes, called: 1, answered: 2},
			{group: "g", release: true, status: gone, called: 3, answered: 6}, full("g", 4, 5),
		},
		"given after it was given back": {
			{group: "g", status: yes, called: 1, answered: 2},
			{group: "g", release: true, status: gone, called: 3, answered: 6}, {group: "g", status: yes, called: 4, answered: 5},
		},
		"no answer, and it was carried out": {{group: "g", called: 1, answered: 2}, full("g", 3, 4)},
		"no answer, and it never was": {
			{group: "g", called: 1, answered: 2}, {group: "g", status: yes, called: 3, answered: 4},
		},
		"no answer, and it was much later": {
			{group: "g", called: 1, answered: 2}, {group: "g", status: yes, called: 3, answered: 4},
			{group: "g", release: true, status: gone, called: 5, answered: 6}, full("g", 7, 8),
		},
		"two groups": {{group: "g", status: yes, called: 1, answered: 2}, {group: "h", status: yes, called: 1, answered: 2}},
	} {
		if !linearizable(history, map[string]int{"g": 1, "h": 1}) {
			t.Errorf("%s: it did not pass", name)
		}
	}
}

func full(group string, called, answered time.Duration) claim {
	return claim{group: group, status: http.StatusConflict, code: "seat_taken", called: called, answered: answered}
}

// Whatever one coordinator after another does passes, also when the clients saw each step for longer than it took; one
// more seat given at the end of a full group does not.
func TestWhatHappensOneAfterTheOtherHasAnOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seats := rapid.IntRange(1, 3).Draw(t, "seats")
		history, now := happened(t, seats)
		if !linearizable(history, map[string]int{"g": seats}) {
			t.Fatalf("%+v has no order", history)
		}
		for range seats + 1 {
			history = append(history, claim{group: "g", status: http.StatusCreated, called: now + 100, answered: now + 101})
		}
		if linearizable(history, map[string]int{"g": seats}) {
			t.Fatalf("%+v has an order", history)
		}
	})
}

func happened(t *rapid.T, seats int) (history []claim, now time.Duration) {
	taken := 0
	for n := range rapid.IntRange(0, 12).Draw(t, "steps") {
		now += 10
		c := claim{group: "g", status: http.StatusCreated}
		switch give := rapid.Bool().Draw(t, fmt.Sprintf("give%d", n)); {
		case give && taken < seats:
			taken++
		case give:
			c = full("g", 0, 0)
		case taken == 0:
			continue
		default:
			taken--
			c = claim{group: "g", release: true, status: http.StatusNoContent}
		}
		c.called = now - time.Duration(rapid.IntRange(1, 30).Draw(t, "before"))
		c.answered = now + time.Duration(rapid.IntRange(1, 30).Draw(t, "after"))
		history = append(history, c)
	}
	return history, now
}
