package store

import (
	"crypto/sha256"
	"encoding/base64"
	"time"

	"grupa/internal/fault"
	"grupa/internal/store/seal"
)

// Errors about a client's idempotency key.
var ErrKeyReused = fault.New(fault.Invalid, "idempotency_key_reused")

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

// Answer keeps the answer in the same unit as what it tells of, and drops what is older than 24 hours.
func (tx *Tx) Answer(r Replay, response []byte) error {
	key, place, err := r.sealing()
	if err != nil {
		return err
	}
	err = tx.g.Exec("DELETE FROM idempotency WHERE created_at <= ?", tx.now.Add(-replayLife).Unix()).Error
	if err != nil {
		return err
	}
	request := sha256.Sum256(r.Request)
	return tx.g.Exec("INSERT INTO idempotency (key, request, response, created_at) VALUES (?, ?, ?, ?)",
		blob(r.hash()), request[:], key.Seal(place, response), tx.now.Unix()).Error
}
