package api_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"grupa/api"
	"grupa/internal/store/storetest"
)

// The last seat of a group is offered to a crowd over real connections: one offer is made and everyone else is told so.
func TestTheLastSeatIsOfferedOnceHoweverManyAskForIt(t *testing.T) {
	t.Parallel()
	people, connections := 10_000, 256
	if testing.Short() || raced {
		people = 500
	}
	s := newObserved(t)
	s.client = &http.Client{Transport: &http.Transport{MaxConnsPerHost: connections, MaxIdleConnsPerHost: connections}}
	g := s.Group(s.coordinator, 1)
	crowd := s.crowd(people)
	body := map[string]any{"group_id": string(g.ID), "expires_at": "2026-09-23T08:00:00Z"}
	answers := make([]answer, people)
	spread(people, connections, func(n int) {
		answers[n] = s.service.call("POST", "/api/v1/applications/"+string(crowd[n].Application)+"/offers", s.token, body)
	})
	told := map[string]int{}
	for _, a := range answers {
		what := fmt.Sprint(a.status)
		if a.status >= 400 {
			what += " " + a.problem(a.status).Code
		}
		told[what]++
	}
	if len(told) != 2 || told["201"] != 1 || told["409 seat_taken"] != people-1 {
		t.Errorf("%d people were told: %v", people, told)
	}
	db := beside(t, s.Database)
	if n := count(t, db, "SELECT count(*) FROM offer WHERE group_id = ?", string(g.ID)); n != 1 {
		t.Errorf("%d offers of one seat", n)
	}
	s.hold("POST", "/api/v1/applications/"+string(crowd[0].Application)+"/offers", answers[0])
}

// The one who holds the seat takes it with many fingers at once.
func TestOneOfferIsAcceptedOnceHoweverOftenItIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := map[string]any{"consents": w.agreed()}
	const times = 200
	answers := make([]answer, times)
	spread(times, 64, func(n int) {
		answers[n] = w.service.call("POST", "/api/v1/me/offers/"+w.ours.offer+"/accept", w.owner.Receipt, body)
	})
	told := map[int]int{}
	for _, a := range answers {
		told[a.status]++
	}
	if len(told) != 2 || told[201] != 1 || told[409] != times-1 {
		t.Errorf("statuses %v", told)
	}
	var me api.Me
	w.call("GET", "/api/v1/me", w.owner.Receipt, nil).into(200, &me)
	n := count(t, w.beside, "SELECT count(*) FROM membership WHERE offer_id = ?", w.ours.offer)
	if n != 1 || me.State != "enrolled" {
		t.Errorf("%d memberships, state %s", n, me.State)
	}
}

// crowd is that many applicants who are eligible for a support group.
func (s *observed) crowd(n int) []storetest.Person {
	s.t.Helper()
	all := make([]storetest.Person, n)
	spread(n, 64, func(i int) {
		all[i] = s.Apply(storetest.Filled("One of many"))
		s.Admit(s.coordinator, all[i], "support")
	})
	return all
}

// spread runs the work of each number, as many at once as there are hands.
func spread(n, hands int, work func(int)) {
	numbers := make(chan int)
	var all sync.WaitGroup
	for range hands {
		all.Go(func() {
			for i := range numbers {
				work(i)
			}
		})
	}
	for i := range n {
		numbers <- i
	}
	close(numbers)
	all.Wait()
}
