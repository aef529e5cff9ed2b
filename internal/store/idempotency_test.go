package store_test

import (
	"bytes"
	"testing"
	"time"

	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

var request = store.Replay{Scope: "public submit", Key: "canarykey-0123456789", Request: []byte(`{"a":1}`)}

func keep(t *testing.T, s *storetest.Store, r store.Replay, answer string) {
	t.Helper()
	s.Do(account.Anyone(), func(tx *store.Tx) error {
		tx.Audit("keep", "")
		return tx.Answer(r, []byte(answer))
	})
}

func answered(s *storetest.Store, t *testing.T, r store.Replay) (answer []byte, err error) {
	t.Helper()
	err = s.View(t.Context(), account.Anyone(), func(tx *store.Tx) (err error) {
		answer, err = tx.Answered(r)
		return err
	})
	return answer, err
}

func TestTheSameRequestGetsTheSameAnswer(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	before, err := answered(s, t, request)
	noError(t, err)
	equal(t, "an answer to what was never asked", before, nil)
	keep(t, s, request, "the receipt")
	for range 2 {
		got, err := answered(s, t, request)
		noError(t, err)
		equal(t, "answer", string(got), "the receipt")
	}
}

func TestAKeyOfAnotherRequestIsRefused(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	keep(t, s, request, "the receipt")
	other := request
	other.Request = []byte(`{"a":2}`)
	_, err := answered(s, t, other)
	isError(t, "the same key for another request", err, store.ErrKeyReused)
}

func TestAnothersKeyIsAnotherKey(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	keep(t, s, request, "the receipt")
	other := request
	other.Scope = "somebody else's submit"
	got, err := answered(s, t, other)
	noError(t, err)
	equal(t, "answer", got, nil)
	keep(t, s, other, "another receipt")
	got, err = answered(s, t, request)
	noError(t, err)
	equal(t, "first answer", string(got), "the receipt")
}

func TestAnAnswerIsKeptForADayAndNoLonger(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	keep(t, s, request, "the receipt")
	s.Clock.Advance(24*time.Hour - time.Second)
	got, err := answered(s, t, request)
	noError(t, err)
	equal(t, "answer within the day", string(got), "the receipt")
	s.Clock.Advance(time.Second)
	got, err = answered(s, t, request)
	noError(t, err)
	equal(t, "answer a day later", got, nil)
	keep(t, s, request, "a new receipt") // the key does not block an honest later form
	got, err = answered(s, t, request)
	noError(t, err)
	equal(t, "new answer", string(got), "a new receipt")
	equal(t, "rows", number(t, raw(t, s.Database), "SELECT count(*) FROM idempotency"), 1)
}

func TestOneKeyIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	keep(t, s, request, "first")
	err := s.Update(t.Context(), account.Anyone(), func(tx *store.Tx) error {
		tx.Audit("keep", "")
		return tx.Answer(request, []byte("second"))
	})
	if err == nil {
		t.Error("a second answer was kept under one key")
	}
}

func TestNeitherTheKeyNorTheAnswerIsInTheFile(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, onSQLite)
	keep(t, s, request, "canaryreceipt")
	for _, secret := range []string{"canarykey", "0123456789", "canaryreceipt"} {
		if inTheFile(t, s.Database, secret) {
			t.Errorf("%q stands in the file", secret)
		}
	}
	var row []byte
	noError(t, raw(t, s.Database).QueryRow("SELECT key || request || response FROM idempotency").Scan(&row))
	if bytes.Contains(row, request.Request) {
		t.Error("the request stands in the file")
	}
}
