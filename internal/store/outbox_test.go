package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"grupa/calendar"
	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

// posted leaves that many mails, of offers that nobody made, to one person.
func posted(t *testing.T, s *storetest.Store, n int) {
	t.Helper()
	p := s.Apply(storetest.Filled("Anna"))
	s.Do(account.Machine(), func(tx *store.Tx) error {
		tx.Audit("test.post", "")
		for i := range n {
			if err := tx.TellOffer(group.OfferID(fmt.Sprint("offer ", i)), p.Person); err != nil {
				return err
			}
		}
		return nil
	})
}

func leased(t *testing.T, s *storetest.Store, n int) []store.Mail {
	t.Helper()
	mails, err := s.LeaseMail(t.Context(), n, time.Minute)
	noError(t, err)
	return mails
}

func settled(t *testing.T, s *storetest.Store, m store.Mail, o store.MailOutcome) store.MailOutcome {
	t.Helper()
	noted, err := s.SettleMail(t.Context(), m, o)
	noError(t, err)
	return noted
}

func TestEachMailIsLeasedToOneWorkerAlone(t *testing.T) {
	t.Parallel()
	const mails, workers = 40, 8
	s := storetest.New(t)
	posted(t, s, mails)
	var mu sync.Mutex
	seen := map[string]int{}
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				got, err := s.LeaseMail(t.Context(), 3, time.Minute)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				for _, m := range got {
					seen[m.ID]++
				}
				all := len(seen) == mails
				mu.Unlock()
				if err != nil || all {
					return
				}
			}
		})
	}
	wg.Wait()
	for id, times := range seen {
		if times != 1 {
			t.Errorf("%s was leased %d times", id, times)
		}
	}
	equal(t, "mails", len(seen), mails)
}

func TestAMailOfAWorkerThatDiedIsLeasedAgainUnderItsOwnID(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	posted(t, s, 1)
	first := leased(t, s, 1)[0]
	s.Clock.Advance(59 * time.Second)
	equal(t, "leased while it is held", leased(t, s, 1), nil)
	s.Clock.Advance(time.Second)
	second := leased(t, s, 1)[0]
	equal(t, "again", second, store.Mail{ID: first.ID, Attempt: 2, Person: first.Person, Created: first.Created})

	settled(t, s, first, store.MailDropped)
	_, err := s.Letter(first)
	if !errors.Is(err, store.ErrMailGone) {
		t.Errorf("who lost the mail may read it: %v", err)
	}
	_, err = s.Letter(second)
	noError(t, err) // and did not end it for the one who holds it
	settled(t, s, first, store.MailSent)
	_, err = s.Letter(second)
	if !errors.Is(err, store.ErrMailGone) {
		t.Errorf("a mail that is out would go out again: %v", err)
	}
}

func TestAMailIsTriedAgainLaterEachTimeAndGivenUpAfterThreeDays(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	posted(t, s, 1)
	s.Clock.Advance(30 * 24 * time.Hour) // nobody tried so far: it is not old
	start, wait := s.Clock.Now(), time.Minute
	for {
		mails := leased(t, s, 1)
		equal(t, "due", len(mails), 1)
		if settled(t, s, mails[0], store.MailDelayed) == store.MailFailed {
			break
		}
		s.Clock.Advance(wait - time.Second)
		equal(t, "due a second early", leased(t, s, 1), nil)
		s.Clock.Advance(time.Second)
		wait = min(2*wait, 6*time.Hour)
	}
	if took := s.Clock.Now().Sub(start); took < 72*time.Hour || took > 78*time.Hour {
		t.Errorf("given up after %s", took)
	}
	stats, err := s.MailStats(t.Context())
	noError(t, err)
	equal(t, "stats", stats, store.MailStats{Failed: 1})
	s.Clock.Advance(30 * 24 * time.Hour)
	equal(t, "tried after it was given up", leased(t, s, 1), nil)
}

func TestAMailThatMayNotGoOutYetDoesNotGrowOld(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	posted(t, s, 1)
	for range 5 {
		m := leased(t, s, 1)[0]
		equal(t, "noted", settled(t, s, m, store.MailHeld), store.MailHeld)
		equal(t, "at once", leased(t, s, 1), nil)
		s.Clock.Advance(24 * time.Hour)
	}
	equal(t, "the first real failure", settled(t, s, leased(t, s, 1)[0], store.MailDelayed), store.MailDelayed)
}

func TestMailStatsTellWhatWaitsAndWhatFailed(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	stats, err := s.MailStats(t.Context())
	noError(t, err)
	equal(t, "nothing", stats, store.MailStats{})
	posted(t, s, 3)
	s.Clock.Advance(time.Hour)
	posted(t, s, 1)
	mails := leased(t, s, 3)
	settled(t, s, mails[0], store.MailSent)
	settled(t, s, mails[1], store.MailFailed)
	stats, err = s.MailStats(t.Context())
	noError(t, err)
	equal(t, "some", stats, store.MailStats{Waiting: 2, Oldest: storetest.Epoch, Failed: 1})
}

func TestWhatBecameOfAMailIsAuditedAndALookIsNot(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	db := raw(t, s.Database)
	posted(t, s, 5)
	before := number(t, db, "SELECT count(*) FROM audit")
	mails := leased(t, s, 5)
	equal(t, "none due", leased(t, s, 5), nil)
	equal(t, "audit rows of a lease", number(t, db, "SELECT count(*) FROM audit"), before)
	for n, o := range []store.MailOutcome{
		store.MailSent, store.MailDropped, store.MailFailed, store.MailDelayed, store.MailHeld,
	} {
		settled(t, s, mails[n], o)
		equal(t, string(o), number(t, db, "SELECT count(*) FROM audit WHERE action = ? AND record = ? AND caller = 'system'",
			"mail."+string(o), mails[n].ID), 1)
	}
	settled(t, s, mails[1], store.MailFailed)
	equal(t, "settled twice", number(t, db, "SELECT count(*) FROM audit WHERE record = ?", mails[1].ID), 1)
}

func TestANoticeThatIsTakenBackIsNobodysToSend(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	p := s.Apply(storetest.Filled("Anna"))
	n := calendar.Notice{
		Kind: calendar.NoticeMoved, Person: p.Person, Record: "a session",
		Known: []calendar.Slot{{
			Start: calendar.Local{Date: calendar.Date{Year: 2026, Month: 10, Day: 6}, Hour: 18},
			Zone:  "Europe/Warsaw", Minutes: 90,
		}},
	}
	tell := func() {
		s.Do(account.Machine(), func(tx *store.Tx) error { tx.Audit("test.tell", ""); return tx.Tell(n) })
	}
	take := func(p account.PersonID, sessions ...calendar.SessionID) (all []calendar.Notice) {
		s.Do(account.Machine(), func(tx *store.Tx) (err error) {
			tx.Audit("test.take", "")
			all, err = tx.TakeNotices(p, sessions...)
			return err
		})
		return all
	}
	tell()
	equal(t, "of another person", take("somebody", "a session"), nil)
	equal(t, "of another session", take(p.Person, "b session"), nil)
	equal(t, "of none", take(p.Person), nil)
	equal(t, "taken", take(p.Person, "b session", "a session"), []calendar.Notice{n})
	equal(t, "taken twice", take(p.Person, "a session"), nil)

	tell()
	m := leased(t, s, 1)[0]
	n.Tried = true
	equal(t, "taken while it is on its way", take(p.Person, "a session"), []calendar.Notice{n})
	if _, err := s.Letter(m); !errors.Is(err, store.ErrMailGone) {
		t.Errorf("it may still be sent: %v", err)
	}
	settled(t, s, m, store.MailSent)
	db := raw(t, s.Database)
	equal(t, "but if it went out, that is known", noted(t, db, "mail.sent"), 1)
	equal(t, "outcomes", number(t, db, "SELECT count(*) FROM outbox WHERE outcome = 'dropped'"), 2)
}

func TestWhoDoesNotWantMailGetsNoneWhateverWaits(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	for reach, wanted := range map[account.Reach]bool{account.ReachEmail: true, account.ReachNone: false} {
		f := storetest.Filled("Anna")
		for _, g := range f.Answers {
			if g.Answer.Contact != nil {
				g.Answer.Contact.Reach = reach
			}
		}
		p := s.Apply(f)
		s.Do(account.Machine(), func(tx *store.Tx) error {
			tx.Audit("test.tell", "")
			return tx.Tell(calendar.Notice{
				Kind: calendar.NoticeAllCancelled, Person: p.Person, Record: "a group",
				Known: []calendar.Slot{{
					Start: calendar.Local{Date: calendar.Date{Year: 2031, Month: 10, Day: 6}}, Zone: "UTC", Minutes: 60,
				}},
			})
		})
		equal(t, string(reach), len(s.Letters()) == 1, wanted)
	}
}

func TestWhatAMailTellsIsSealed(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	p := s.Apply(storetest.Filled("Anna"))
	s.Do(account.Machine(), func(tx *store.Tx) error {
		tx.Audit("test.tell", "")
		return tx.Tell(calendar.Notice{
			Kind: calendar.NoticeMoved, Person: p.Person, Record: "a session",
			Known: []calendar.Slot{{Start: calendar.Local{Date: calendar.Date{Year: 2031, Month: 10, Day: 6}}, Minutes: 1}},
		})
	})
	if inTheFile(t, s.Database, "2031-10-06") {
		t.Error("the time of a session is in the clear")
	}
	equal(t, "mails", number(t, raw(t, s.Database), "SELECT count(*) FROM outbox"), 1)
}
