package store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store/seal"
)

// Errors about a client's idempotency key. After ErrAnswered, Answered finds what the first one was answered.
var (
	ErrKeyReused = fault.New(fault.Invalid, "idempotency_key_reused")
	ErrAnswered  = errors.New("the same request was answered at the same time")
)

// replayLife is how long an answer is kept for a repeated request.
const replayLife = 24 * time.Hour

// Replay is one request under a client's idempotency key. The key itself is never kept: what is stored is a hash of it
// and the answer sealed under a key derived from it.
type Replay struct {
	Scope   string // who asks for what: the same key of another caller or for another thing is another key
	Key     string // as the client sent it
	Request []byte // the request, as it is told apart from another
}

func (r Replay) hash() []byte {
	h := sha256.Sum256([]byte(r.Scope + "\n" + r.Key))
	return h[:]
}

func (r Replay) sealing() (seal.Key, seal.Place, error) {
	key, err := seal.FromSecret(r.Key, "grupa idempotency 1")
	place := seal.Place{
		Table: "idempotency", Column: "response", Record: base64.RawStdEncoding.EncodeToString(r.hash()),
	}
	return key, place, err
}

// Answered gives the answer that the same request got within the last 24 hours, or nil. The same key with another
// request is ErrKeyReused.
func (tx *Tx) Answered(r Replay) ([]byte, error) {
	var row struct {
		Request   []byte
		Response  []byte
		CreatedAt int64
	}
	err := tx.g.Raw("SELECT request, response, created_at FROM idempotency WHERE key = ?", r.hash()).Scan(&row).Error
	if err != nil || row.Response == nil || row.CreatedAt <= tx.now.Add(-replayLife).Unix() {
		return nil, err
	}
	if request := sha256.Sum256(r.Request); string(request[:]) != string(row.Request) {
		return nil, ErrKeyReused
	}
	key, place, err := r.sealing()
	if err != nil {
		return nil, err
	}
	return key.Open(place, row.Response)
}

// Answer keeps the answer in the same unit as what it tells of. Where another unit answers the same key at the same
// time, the one that comes second is ErrAnswered.
func (tx *Tx) Answer(r Replay, response []byte) error {
	key, place, err := r.sealing()
	if err != nil {
		return err
	}
	request := sha256.Sum256(r.Request)
	err = tx.g.Exec("DELETE FROM idempotency WHERE key = ? AND created_at <= ?", r.hash(),
		tx.now.Add(-replayLife).Unix()).Error
	if err != nil {
		return err
	}
	err = tx.g.Exec("INSERT INTO idempotency (key, request, response, created_at) VALUES (?, ?, ?, ?)",
		blob(r.hash()), request[:], key.Seal(place, response), tx.now.Unix()).Error
	return orAnswered(err)
}

func orAnswered(err error) error {
	if duplicate(err, "idempotency") {
		return ErrAnswered
	}
	return err
}

// mostForgotten bounds the work of one pass, and so how long the writer is kept.
const mostForgotten = 1000

// ForgetAnswers drops answers that are kept for longer than a repeated request may come. It is a job: one pass.
func (db *DB) ForgetAnswers(ctx context.Context) error {
	old := func(tx *Tx) int64 { return tx.now.Add(-replayLife).Unix() }
	var waiting bool
	err := db.View(ctx, account.Machine(), func(tx *Tx) error {
		return tx.g.Raw("SELECT count(*) > 0 FROM (SELECT 1 FROM idempotency WHERE created_at <= ? LIMIT 1) AS one", old(tx)).
			Scan(&waiting).Error
	})
	if err != nil || !waiting {
		return err
	}
	return db.Update(ctx, account.Machine(), func(tx *Tx) error {
		tx.Audit("idempotency.forget", "")
		return tx.g.Exec("DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE created_at <= ? LIMIT ?"+
			tx.skipLocked()+")", old(tx), mostForgotten).Error
	})
}
