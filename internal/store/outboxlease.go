package store

import (
	"context"
	"errors"
	"time"

	"grupa/calendar"
	"grupa/group"
	"grupa/internal/account"
)

// Mail is a mail that its holder is to send, by the lease that it was given with.
type Mail struct {
	ID      string // also of every copy of it that is ever sent
	Attempt int    // counts the leases: this one is known by it
	Person  account.PersonID
	Created time.Time
}

// MailOutcome is what became of a leased mail.
type MailOutcome string

// The outcomes. The first three are ends.
const (
	MailSent    MailOutcome = "sent"
	MailDropped MailOutcome = "dropped" // nothing to tell any more
	MailFailed  MailOutcome = "failed"  // refused for good, or given up after giveUp
	MailDelayed MailOutcome = "delayed" // it could not be sent; it is tried again, later each time
	MailHeld    MailOutcome = "held"    // it may not be sent yet; nobody tried
)

// How long a mail waits for its next try: a minute, doubled each time, up to a quarter of a day. Three days after the
// first try it is given up. A mail that was never tried, since no mail server was set, has no age: when it is, what is
// still worth telling is sent.
const (
	firstDelay = time.Minute
	mostDelay  = 6 * time.Hour
	giveUp     = 3 * 24 * time.Hour
	holdFor    = 10 * time.Minute
)

// ErrMailGone is for a mail that its holder no longer holds: it was settled, or taken by another.
var ErrMailGone = errors.New("the mail is not the caller's any more")

// LeaseMail gives up to n mails that are due to the caller alone, who is to settle each before hold is over; after that
// somebody else may take it. It leaves no audit row, as what becomes of each mail leaves its own: a lease tells nobody
// anything.
func (db *DB) LeaseMail(ctx context.Context, n int, hold time.Duration) (mails []Mail, err error) {
	var due bool
	err = db.View(ctx, account.Machine(), func(tx *Tx) error {
		ids, err := tx.dueMail(1)
		due = len(ids) > 0
		return err
	})
	if err != nil || !due {
		return nil, err
	}
	err = db.Update(ctx, account.Machine(), func(tx *Tx) (err error) {
		tx.silent = true
		mails, err = tx.leaseMail(n, hold)
		return err
	})
	if err != nil {
		return nil, err
	}
	return mails, nil
}

func (tx *Tx) leaseMail(n int, hold time.Duration) ([]Mail, error) {
	ids, err := tx.dueMail(n)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var rows []outboxRow
	err = tx.g.Raw(`UPDATE outbox SET leased_until = ?, attempts = attempts + 1, tried_at = coalesce(tried_at, ?)
		WHERE id IN ? RETURNING id, person_id, created_at, attempts`,
		tx.now.Add(hold).Unix(), tx.now.Unix(), ids).Scan(&rows).Error
	var mails []Mail
	for _, r := range rows {
		mails = append(mails, r.mail())
	}
	return mails, err
}

// dueMail lists what is due and held by nobody, and on a writing unit keeps it for that unit.
func (tx *Tx) dueMail(n int) (ids []string, err error) {
	query := `SELECT id FROM outbox WHERE settled_at IS NULL AND due_at <= ?
		AND (leased_until IS NULL OR leased_until <= ?) ORDER BY due_at, id LIMIT ?`
	if tx.writes {
		query += tx.skipLocked()
	}
	return ids, tx.g.Raw(query, tx.now.Unix(), tx.now.Unix(), n).Scan(&ids).Error
}

// Letter is what a mail has to tell and whom: an offer, or a notice about sessions that is up to date.
type Letter struct {
	Person account.Person
	Offer  *group.Offer
	Notice calendar.Notice
	Now    calendar.Slot // of a session that was moved
}

// Letter brings a mail that the caller holds up to date; nil means that there is nothing to tell any more. Its error is
// ErrMailGone when the mail is not the caller's any more, and the rule's own when it has to wait.
func (tx *Tx) Letter(m Mail) (*Letter, error) {
	var row outboxRow
	err := tx.g.Where("id = ? AND attempts = ? AND settled_at IS NULL", m.ID, m.Attempt).Take(&row).Error
	if err != nil {
		return nil, orNotFound(err, ErrMailGone)
	}
	p, err := tx.Person(m.Person)
	if err != nil || !p.Contact.ByMail() {
		return nil, err
	}
	l := &Letter{Person: p}
	if row.Kind == offerMade {
		offer, ok, err := group.OfferToTell(tx, group.OfferID(row.Record))
		if err != nil || !ok {
			return nil, err
		}
		l.Offer = &offer
		return l, nil
	}
	if l.Notice, err = tx.notice(row); err != nil {
		return nil, err
	}
	l.Notice, l.Now, err = calendar.Latest(tx, l.Notice)
	if err != nil || len(l.Notice.Known) == 0 {
		return nil, err
	}
	return l, nil
}
