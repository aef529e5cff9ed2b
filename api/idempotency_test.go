package api_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"grupa/api"
	"grupa/internal/account"
	"grupa/internal/store/storetest"
)

const applications = "SELECT count(*) FROM application"

// keyOf is a client's key: random enough for a test, and long enough.
func keyOf(n int) string { return fmt.Sprintf("one-key-of-a-client-%04d", n) }

func TestTheSameKeyInParallelMakesOneApplicationAndOneReceipt(t *testing.T) {
	t.Parallel()
	s := newObserved(t)
	const keys, times = 50, 5
	answers := make([][times]answer, keys)
	var all sync.WaitGroup
	for key := range keys {
		body := filled(fmt.Sprintf("Person %d", key))
		for n := range times {
			all.Go(func() {
				answers[key][n] = s.call("POST", "/api/v1/applications", "", body, "Idempotency-Key", keyOf(key))
			})
		}
	}
	all.Wait()
	codes := map[string]bool{}
	for key, same := range answers {
		var receipt api.Receipt
		same[0].into(201, &receipt)
		codes[receipt.ReceiptCode] = true
		for n, a := range same {
			if a.status != 201 || !bytes.Equal(a.body, same[0].body) {
				t.Errorf("answer %d under key %d is another one: %d %.200s", n, key, a.status, a.body)
			}
		}
		var me api.Me
		s.call("GET", "/api/v1/me", receipt.ReceiptCode, nil).into(200, &me)
		if me.ApplicationID != receipt.ID {
			t.Errorf("the receipt of %s opens %s", receipt.ID, me.ApplicationID)
		}
	}
	if n := count(t, beside(t, s.Database), applications); n != keys || len(codes) != keys {
		t.Errorf("%d applications and %d receipts of %d keys", n, len(codes), keys)
	}
}

func TestTheSameKeyForAnotherRequestIsRefused(t *testing.T) {
	t.Parallel()
	s := newObserved(t)
	key := []string{"Idempotency-Key", keyOf(1)}
	s.call("POST", "/api/v1/applications", "", []byte(aForm), key...).is(201)
	eve := []byte(strings.Replace(aForm, "Ada", "Eve", 1))
	for name, again := range map[string]answer{
		"another name":     s.call("POST", "/api/v1/applications", "", eve, key...),
		"another language": s.call("POST", "/api/v1/applications?lang=fa", "", []byte(aForm), key...),
	} {
		p := again.problem(422)
		if p.Code != "idempotency_key_reused" || len(p.Fields) == 0 || p.Fields[0].Field != "Idempotency-Key" {
			t.Errorf("%s: %s", name, again.body)
		}
		checkWords(t, p)
	}
	if n := count(t, beside(t, s.Database), applications); n != 1 {
		t.Errorf("%d applications", n)
	}
}

// The key is the client's own word: nobody else's request is answered by it.
func TestTheSameKeyOfSomeoneElseOrForSomethingElseIsAnotherKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := []string{"Idempotency-Key", keyOf(1)}
	room := map[string]any{"name": "Blue", "capacity": 8}
	var one, other, again api.Room
	w.call("POST", "/api/v1/rooms", w.token, room, key...).into(201, &one)
	w.call("POST", "/api/v1/rooms", w.administrator, room, key...).into(201, &other)
	w.call("POST", "/api/v1/rooms", w.token, room, key...).into(201, &again)
	if one.ID == other.ID || one.ID != again.ID {
		t.Errorf("rooms %s and %s, and once more %s", one.ID, other.ID, again.ID)
	}
	w.call("POST", "/api/v1/groups", w.token, aGroup(nil, things{}), key...).is(201)
	var mine, theirs api.FeedWithAddress
	w.call("POST", "/api/v1/me/feeds", w.owner.Receipt, aFeed(nil, things{}), key...).into(201, &mine)
	w.call("POST", "/api/v1/me/feeds", w.stranger, aFeed(nil, things{}), key...).into(201, &theirs)
	if mine.URL == theirs.URL {
		t.Error("a stranger was given the address of another's calendar")
	}
}

func TestARepeatedRequestIsAnsweredAsAtFirstWhateverHappenedSince(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := []string{"Idempotency-Key", keyOf(1)}
	decisions := "/api/v1/applications/" + w.ours.application + "/decisions"
	version := append([]string{"If-Match", `"2"`}, key...)
	first := w.call("POST", decisions, w.token, aDecision(nil, things{}), version...)
	first.is(201)
	again := w.call("POST", decisions, w.token, aDecision(nil, things{}), version...)
	if again.status != 201 || !bytes.Equal(first.body, again.body) || again.header.Get("ETag") != `"3"` {
		t.Errorf("%d %s %s", again.status, again.header.Get("ETag"), again.body)
	}
	accept := "/api/v1/me/offers/" + w.ours.offer + "/accept"
	body := map[string]any{"consents": w.agreed()}
	first = w.call("POST", accept, w.owner.Receipt, body, key...)
	first.is(201)
	w.call("POST", "/api/v1/me/withdraw", w.owner.Receipt, nil).is(204)
	again = w.call("POST", accept, w.owner.Receipt, body, key...)
	if again.status != 201 || !bytes.Equal(first.body, again.body) {
		t.Errorf("%d %s", again.status, again.body)
	}
	w.call("POST", accept, w.owner.Receipt, body).problem(409)
}

// An honest later try under the same key must not be stopped by an error of the first.
func TestAnErrorIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := []string{"Idempotency-Key", keyOf(1)}
	p := w.Apply(storetest.Filled("Late"))
	offers := "/api/v1/applications/" + string(p.Application) + "/offers"
	body := anOffer(nil, w.ours)
	w.call("POST", offers, w.token, body, key...).problem(409)
	w.Admit(w.coordinator, p, "support")
	w.call("POST", offers, w.token, body, key...).is(201)
	w.call("POST", offers, w.token, body, key...).is(201)
	if n := count(t, w.beside, "SELECT count(*) FROM offer WHERE application_id = ?", string(p.Application)); n != 1 {
		t.Errorf("%d offers", n)
	}
}

func TestAKeyIsForgottenAfterADayAndIsNowhereInTheDatabase(t *testing.T) {
	t.Parallel()
	s := newObserved(t)
	key := []string{"Idempotency-Key", "canary-" + account.NewID()}
	var first, same, other api.Receipt
	s.call("POST", "/api/v1/applications", "", []byte(aForm), key...).into(201, &first)
	s.Clock.Advance(24*time.Hour - time.Second)
	s.call("POST", "/api/v1/applications", "", []byte(aForm), key...).into(201, &same)
	s.Clock.Advance(time.Second)
	s.call("POST", "/api/v1/applications", "", []byte(aForm), key...).into(201, &other)
	if first.ID != same.ID || first.ID == other.ID {
		t.Errorf("first %s, within a day %s, after it %s", first.ID, same.ID, other.ID)
	}
	for table, rows := range dumped(t, beside(t, s.Database)) {
		for _, row := range rows {
			if strings.Contains(row, "canary-") || strings.Contains(row, first.ReceiptCode) {
				t.Errorf("%s holds the key or the receipt: %.200s", table, row)
			}
		}
	}
}

// A repeated request that comes while the first one still runs must not be refused for what the first one did.
func TestTheSameOfferUnderOneKeyIsMadeOnceHoweverManyAskAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for round := range 10 {
		p := w.Apply(storetest.Filled("Several"))
		w.Admit(w.coordinator, p, "support")
		g := w.Group(w.coordinator, 1)
		path, body := "/api/v1/applications/"+string(p.Application)+"/offers", map[string]any{
			"group_id": string(g.ID), "expires_at": storetest.Epoch.Add(48 * time.Hour),
		}
		answers := make([]answer, 8)
		var all sync.WaitGroup
		for n := range answers {
			all.Go(func() {
				answers[n] = w.call("POST", path, w.token, body, "Idempotency-Key", keyOf(round))
			})
		}
		all.Wait()
		for n, a := range answers {
			if a.status != 201 || !bytes.Equal(a.body, answers[0].body) {
				t.Errorf("round %d, answer %d: %d %s", round, n, a.status, a.body)
			}
		}
	}
}
