package store

import (
	"context"
	"time"

	"grupa/internal/account"
)

// SettleMail notes what became of a mail that the caller holds, and gives the outcome that was noted: a mail that was
// delayed for too long has failed. Of a mail that is not the caller's any more only that it was sent is noted.
func (db *DB) SettleMail(ctx context.Context, m Mail, o MailOutcome) (MailOutcome, error) {
	noted := o
	err := db.Update(ctx, account.Machine(), func(tx *Tx) (err error) {
		switch o {
		case MailSent:
			err = tx.settleSent(m)
		case MailDelayed:
			noted, err = tx.delayMail(m)
		case MailHeld:
			err = tx.settled(m, o, `UPDATE outbox SET leased_until = NULL, due_at = ?, tried_at = NULL
				WHERE id = ? AND attempts = ? AND settled_at IS NULL`, tx.now.Add(holdFor).Unix(), m.ID, m.Attempt)
		default:
			err = tx.endMail(m, o)
		}
		return err
	})
	return noted, err
}

// settled runs the update of a mail and leaves its audit row if the mail was still the caller's.
func (tx *Tx) settled(m Mail, o MailOutcome, query string, args ...any) error {
	result := tx.g.Exec(query, args...)
	if result.Error == nil && result.RowsAffected == 0 {
		tx.silent = true // it was taken back or over meanwhile: nothing is written
		return nil
	}
	tx.Audit("mail."+string(o), m.ID)
	return result.Error
}

func (tx *Tx) endMail(m Mail, o MailOutcome) error {
	return tx.settled(m, o, `UPDATE outbox SET settled_at = ?, outcome = ?, leased_until = NULL
		WHERE id = ? AND attempts = ? AND settled_at IS NULL`, tx.now.Unix(), string(o), m.ID, m.Attempt)
}

// settleSent counts whoever's lease it is by now: a mail that is out must not go out again. It leaves its audit row in
// any case, since it did go out.
func (tx *Tx) settleSent(m Mail) error {
	tx.Audit("mail."+string(MailSent), m.ID)
	return tx.g.Exec(`UPDATE outbox SET settled_at = ?, outcome = 'sent', leased_until = NULL
		WHERE id = ? AND settled_at IS NULL`, tx.now.Unix(), m.ID).Error
}

func (tx *Tx) delayMail(m Mail) (MailOutcome, error) {
	var tried int64
	err := tx.g.Raw("SELECT coalesce(max(tried_at), 0) FROM outbox WHERE id = ? AND attempts = ?", m.ID, m.Attempt).
		Row().Scan(&tried)
	if err != nil {
		return MailDelayed, err
	}
	if tried > 0 && tx.now.Sub(time.Unix(tried, 0)) >= giveUp {
		return MailFailed, tx.endMail(m, MailFailed)
	}
	return MailDelayed, tx.settled(m, MailDelayed, `UPDATE outbox SET leased_until = NULL, due_at = ?
		WHERE id = ? AND attempts = ? AND settled_at IS NULL`, tx.now.Add(delay(m.Attempt)).Unix(), m.ID, m.Attempt)
}

// delay is how long to wait after that many tries.
func delay(tries int) time.Duration {
	d := firstDelay
	for range tries - 1 {
		if d = 2 * d; d >= mostDelay {
			return mostDelay
		}
	}
	return d
}

// MailStats is how the outbox fares.
type MailStats struct {
	Waiting int
	Oldest  time.Time // when the one that waits longest was written; the zero time where none waits
	Failed  int       // given up, or refused for good; they stay, for somebody to look at
}

// MailStats counts the outbox. All replicas of a database see the same.
func (db *DB) MailStats(ctx context.Context) (s MailStats, err error) {
	err = db.View(ctx, account.Machine(), func(tx *Tx) error {
		var oldest int64
		err := tx.g.Raw("SELECT count(*), coalesce(min(created_at), 0) FROM outbox WHERE settled_at IS NULL").
			Row().Scan(&s.Waiting, &oldest)
		if err != nil {
			return err
		}
		if s.Waiting > 0 {
			s.Oldest = time.Unix(oldest, 0).UTC()
		}
		return tx.g.Raw("SELECT count(*) FROM outbox WHERE outcome = 'failed'").Row().Scan(&s.Failed)
	})
	return s, err
}
