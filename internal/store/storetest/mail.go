package storetest

import (
	"errors"
	"time"

	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/store"
)

// Letters takes all mail that is due, as a worker does, and gives what was to be sent, in the order of the leases.
func (s *Store) Letters() (all []store.Letter) {
	s.tb.Helper()
	mails, err := s.LeaseMail(s.tb.Context(), 1000, time.Minute)
	must(s.tb, err)
	for _, m := range mails {
		letter, err := s.Letter(m)
		outcome := store.MailSent
		switch {
		case errors.Is(err, group.ErrSafetyOpen):
			outcome = store.MailHeld
		case err != nil:
			s.tb.Fatal(err)
		case letter == nil:
			outcome = store.MailDropped
		default:
			all = append(all, *letter)
		}
		_, err = s.SettleMail(s.tb.Context(), m, outcome)
		must(s.tb, err)
	}
	return all
}

// Letter brings a leased mail up to date.
func (s *Store) Letter(m store.Mail) (l *store.Letter, err error) {
	err = s.View(s.tb.Context(), account.Machine(), func(tx *store.Tx) (err error) {
		l, err = tx.Letter(m)
		return err
	})
	return l, err
}
