package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"grupa/internal/account"
)

// act is one thing that a unit did.
type act struct{ action, record, outcome string }

type auditRow struct {
	Seq      int64 `gorm:"primaryKey"`
	At       int64
	Caller   string
	PersonID *string
	Action   string
	Record   string
	Outcome  string
}

func (auditRow) TableName() string { return "audit" }

// errNoAct is a bug: a unit that writes must say what it did.
var errNoAct = errors.New("a unit wrote and left no audit row")

// Audit notes what this unit does to which record. It never carries an answer.
func (tx *Tx) Audit(action, record string) {
	tx.acts = append(tx.acts, act{action, record, "done"})
}

// Refused notes a try that was refused.
func (tx *Tx) Refused(action, record string) {
	tx.acts = append(tx.acts, act{action, record, "refused"})
}

func (tx *Tx) writeActs() error {
	if tx.silent {
		return nil
	}
	if len(tx.acts) == 0 {
		return errNoAct
	}
	var person *string
	if tx.caller.Person != "" {
		person = new(string(tx.caller.Person))
	}
	for _, a := range tx.acts {
		err := tx.g.Exec("INSERT INTO audit (at, caller, person_id, action, record, outcome) VALUES (?, ?, ?, ?, ?, ?)",
			tx.now.Unix(), string(tx.caller.Kind), person, a.action, a.record, a.outcome).Error
		if err != nil {
			return fmt.Errorf("audit: %w", err)
		}
	}
	return nil
}

// mostChained bounds the work of one pass, and so how long the writer is kept.
const mostChained = 5000

// ChainAudit hashes the audit rows that came since the last pass onto the chain, in order. It is a job: one pass.
// Replicas that do it at once wait for each other, and the second finds nothing left.
func (db *DB) ChainAudit(ctx context.Context) error {
	waiting, headless, err := db.chainWaits(ctx)
	if err != nil || !waiting && !headless {
		return err
	}
	final, err := db.finalAudit(ctx)
	if isBusy(err) {
		return nil // somebody is slow to end: the next pass finds more
	}
	if err != nil {
		return err
	}
	return db.Update(ctx, account.Machine(), func(tx *Tx) error {
		tx.silent = !headless // the chain is the trail; a row about it would need the next pass, for ever
		if headless {
			tx.Audit("audit.head", "") // once, after the update that brought heads; never again without someone's hand
		}
		return tx.chain(final)
	})
}

// finalAudit gives the highest number up to which no row can come any more. Side by side, units draw their numbers in
// one order and end in another; each holds a shared lock from before its number until its end, so that whoever gets the
// lock alone, for a moment, has seen the end of all of them.
func (db *DB) finalAudit(ctx context.Context) (final int64, err error) {
	err = db.Update(ctx, account.Machine(), func(tx *Tx) error {
		tx.silent = true
		if err := tx.briefly(); err != nil {
			return err
		}
		if err := tx.alone(lockAudit); err != nil {
			return err
		}
		return tx.g.Raw("SELECT coalesce(max(seq), 0) FROM audit").Scan(&final).Error
	})
	return final, err
}

func (tx *Tx) chain(final int64) error {
	if err := tx.alone(lockChain); err != nil {
		return err
	}
	hash, seq, err := tx.chainHead()
	if err != nil {
		return err
	}
	var rows []auditRow
	err = tx.g.Where("seq > ? AND seq <= ?", seq, final).Order("seq").Limit(mostChained).Find(&rows).Error
	if err != nil {
		return err
	}
	for _, r := range rows {
		hash, seq = r.chained(tx.db.cfg.Sealing.ChainKey(), hash), r.Seq
		if err := tx.g.Exec("INSERT INTO audit_chain (seq, hash) VALUES (?, ?)", seq, hash).Error; err != nil {
			return err
		}
	}
	return tx.saveHead(seq, hash)
}

// chainWaits says whether rows wait for the chain, and whether the chain has no head, as one from before there were any.
func (db *DB) chainWaits(ctx context.Context) (waiting, headless bool, err error) {
	var last, chained, head int64
	err = db.View(ctx, account.Machine(), func(tx *Tx) error {
		return tx.g.Raw(`SELECT coalesce((SELECT max(seq) FROM audit), 0), coalesce((SELECT max(seq) FROM audit_chain), 0),
			coalesce((SELECT seq FROM audit_head), 0)`).Row().Scan(&last, &chained, &head)
	})
	return last > chained, head == 0 && chained > 0, err
}

// saveHead keeps where the chain ends, so that links taken from its end are missed.
func (tx *Tx) saveHead(seq int64, last []byte) error {
	return tx.g.Exec(`INSERT INTO audit_head (id, seq, hash) VALUES (1, ?, ?)
		ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash`, seq, tx.headHash(seq, last)).Error
}

func (tx *Tx) headHash(seq int64, last []byte) []byte {
	h := hmac.New(sha256.New, tx.db.cfg.Sealing.ChainKey())
	_ = binary.Write(h, binary.BigEndian, []int64{-1, seq}) // no row has a negative number; a hash never fails
	h.Write(last)
	return h.Sum(nil)
}

func (tx *Tx) chainHead() (hash []byte, seq int64, err error) {
	var head struct {
		Seq  int64
		Hash []byte
	}
	err = tx.g.Raw("SELECT seq, hash FROM audit_chain ORDER BY seq DESC LIMIT 1").Scan(&head).Error
	return head.Hash, head.Seq, err
}

// chained is the keyed hash of the row after the one before it. Every part is told apart by its length.
func (r auditRow) chained(key, before []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(before)
	person := ""
	if r.PersonID != nil {
		person = *r.PersonID
	}
	_ = binary.Write(h, binary.BigEndian, []int64{r.Seq, r.At}) // a hash never fails
	for _, part := range []string{r.Caller, person, r.Action, r.Record, r.Outcome} {
		_ = binary.Write(h, binary.BigEndian, int64(len(part)))
		h.Write([]byte(part))
	}
	return h.Sum(nil)
}

// ErrAuditBroken means that an audit row was changed, removed or put in after it was chained.
var ErrAuditBroken = errors.New("the audit trail does not fit its chain")

// checkAudit walks the whole chain.
func (tx *Tx) checkAudit() error {
	var hash []byte
	var last int64
	var batch []struct {
		Row  auditRow `gorm:"embedded"`
		Hash []byte
	}
	for {
		batch = batch[:0]
		err := tx.g.Raw(`SELECT a.*, c.hash AS hash FROM audit_chain c LEFT JOIN audit a ON a.seq = c.seq
			WHERE c.seq > ? ORDER BY c.seq LIMIT 1000`, last).Scan(&batch).Error
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			return errors.Join(tx.checkHead(last, hash), tx.checkUnchained(last))
		}
		for _, row := range batch {
			hash = row.Row.chained(tx.db.cfg.Sealing.ChainKey(), hash)
			if string(hash) != string(row.Hash) {
				return fmt.Errorf("%w: row %d", ErrAuditBroken, row.Row.Seq)
			}
			last = row.Row.Seq
		}
	}
}

// checkHead finds that links were taken from the end of the chain.
func (tx *Tx) checkHead(last int64, hash []byte) error {
	var head struct {
		Seq  int64
		Hash []byte
	}
	err := tx.g.Raw("SELECT seq, hash FROM audit_head").Scan(&head).Error
	if err == nil && (last != head.Seq || last > 0 && !hmac.Equal(head.Hash, tx.headHash(last, hash))) {
		err = fmt.Errorf("%w: its end is not where it was, at row %d", ErrAuditBroken, head.Seq)
	}
	return err
}

// checkUnchained finds a row that was slipped in before the head after it had passed.
func (tx *Tx) checkUnchained(head int64) error {
	var slipped int64
	err := tx.g.Raw(`SELECT count(*) FROM audit WHERE seq <= ? AND seq NOT IN (SELECT seq FROM audit_chain)`, head).
		Scan(&slipped).Error
	if err == nil && slipped > 0 {
		return ErrAuditBroken
	}
	return err
}
