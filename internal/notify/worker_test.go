package notify_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"grupa/group"
	"grupa/internal/notify/smtptest"
	"grupa/internal/store"
)

// atMost answers that many times, at that step, with an error, and then takes everything.
func atMost(times int64, step smtptest.Step, err error) func(smtptest.Step, smtptest.Mail) error {
	var done atomic.Int64
	return func(s smtptest.Step, _ smtptest.Mail) error {
		if s == step && done.Add(1) <= times {
			return err
		}
		return nil
	}
}

func TestAMailThatFailsIsSentLaterUnderTheSameMessageID(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		step smtptest.Step
		err  error
		came int // how often the whole mail arrived
	}{
		"hung up on at once":             {smtptest.Hello, smtptest.ErrHangUp, 1},
		"sender not now":                 {smtptest.Sender, smtptest.Refuse(451, "not now"), 1},
		"sender never":                   {smtptest.Sender, smtptest.Refuse(550, "who are you"), 1}, // our house's fault
		"hung up on after the sender":    {smtptest.Sender, smtptest.ErrHangUp, 1},
		"recipient not now":              {smtptest.Recipient, smtptest.Refuse(450, "greylisted"), 1},
		"hung up on after the recipient": {smtptest.Recipient, smtptest.ErrHangUp, 1},
		"content not now":                {smtptest.Content, smtptest.Refuse(452, "disk full"), 2},
		"hung up on before the reply":    {smtptest.Content, smtptest.ErrHangUp, 2},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, smtptest.Options{At: atMost(2, c.step, c.err)})
			w.offered()
			for range 2 {
				equal(t, "leased", w.pass(), 1)
				equal(t, "waits", w.waits(), [2]int{1, 0})
				equal(t, "at once again", w.pass(), 0)
				w.Clock.Advance(2 * time.Minute)
			}
			equal(t, "leased", w.pass(), 1)
			equal(t, "taken", len(w.smtp.Taken()), 1)
			ids := w.messageIDs()
			equal(t, "came", len(ids), 1+2*(c.came-1))
			equal(t, "different ids", len(slices.Compact(ids)), 1)
			equal(t, "waits", w.waits(), [2]int{0, 0})
		})
	}
}

func TestAServerThatTakesNoOneNowIsAskedLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, smtptest.Options{At: atMost(2, smtptest.Hello, smtptest.Refuse(421, "not now"))}) // EHLO, then HELO
	w.offered()
	w.pass()
	equal(t, "outbox", w.waits(), [2]int{1, 0})
	w.Clock.Advance(time.Minute)
	w.pass()
	equal(t, "taken", len(w.smtp.Taken()), 1)
}

func TestARefusalForGoodEndsAMailAtOnce(t *testing.T) {
	t.Parallel()
	for _, step := range []smtptest.Step{smtptest.Recipient, smtptest.Content} {
		w := newWorld(t, smtptest.Options{At: atMost(1, step, smtptest.Refuse(550, "no such user"))})
		w.offered()
		w.pass()
		equal(t, "outbox", w.waits(), [2]int{0, 1})
		w.Clock.Advance(24 * time.Hour)
		equal(t, "leased again", w.pass(), 0)
	}
}

func TestAServerThatIsGoneCostsNoMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, smtptest.Options{})
	w.offered()
	gone, err := smtptest.Start(smtptest.Options{})
	noError(t, err)
	noError(t, gone.Close())
	good := w.worker.Server
	w.worker.Server = w.server("smtp://" + gone.Address())
	w.pass()
	equal(t, "outbox", w.waits(), [2]int{1, 0})
	w.Clock.Advance(time.Minute)
	w.worker.Server = good
	w.pass()
	equal(t, "taken", len(w.smtp.Taken()), 1)
}

func TestAServerThatForgetsItsGoodByeHasStillTakenTheMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, smtptest.Options{At: func(s smtptest.Step, _ smtptest.Mail) error {
		if s == smtptest.Taken {
			return smtptest.ErrHangUp
		}
		return nil
	}})
	w.offered()
	w.pass()
	equal(t, "taken", len(w.smtp.Taken()), 1)
	equal(t, "outbox", w.waits(), [2]int{0, 0})
}

func TestOneRecipientThatIsRefusedDoesNotKeepTheOthersWaiting(t *testing.T) {
	t.Parallel()
	var broken atomic.Value
	broken.Store("")
	w := newWorld(t, smtptest.Options{At: func(s smtptest.Step, m smtptest.Mail) error {
		if s == smtptest.Recipient && slices.Contains(m.To, broken.Load().(string)) {
			return smtptest.Refuse(450, "not now")
		}
		return nil
	}})
	p, _ := w.offered()
	broken.Store(w.address(p))
	for range 5 {
		w.offered()
	}
	for w.pass() > 0 {
		continue
	}
	equal(t, "taken", len(w.smtp.Taken()), 5)
	equal(t, "outbox", w.waits(), [2]int{1, 0})
}

func TestWorkersOnOneDatabaseSendEachMailOnce(t *testing.T) {
	t.Parallel()
	const mails, workers = 24, 4
	w := newWorld(t, smtptest.Options{})
	for range mails {
		w.offered()
	}
	var wg sync.WaitGroup
	for range workers {
		worker := w.newWorker()
		wg.Go(func() {
			for worker.Pass(t.Context()) > 0 {
				continue
			}
		})
	}
	wg.Wait()
	equal(t, "came", len(w.smtp.Came()), mails)
	ids := w.messageIDs()
	slices.Sort(ids)
	equal(t, "different ids", len(slices.Compact(ids)), mails)
	equal(t, "outbox", w.waits(), [2]int{0, 0})
}

func TestAWorkerThatDiesAfterTheMailWasTakenSendsItAgainUnderTheSameID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, smtptest.Options{})
	w.offered()
	// A worker that dies leaves its lease behind, whatever it has sent. This one sends and forgets.
	dying, err := w.LeaseMail(t.Context(), 1, time.Minute)
	noError(t, err)
	w.Clock.Advance(time.Minute)
	equal(t, "leased by another", w.pass(), 1)
	equal(t, "id", w.messageIDs(), []string{"<" + dying[0].ID + "@haven.example>"})
}

func TestAnOfferThatIsTakenBackWhileAnotherMailIsSentDoesNotGoOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, smtptest.Options{})
	p, o := w.offered()
	w.Do(w.c, func(tx *store.Tx) error { return group.TakeBack(tx, p.Application, o.ID) })
	equal(t, "leased", w.pass(), 1)
	equal(t, "came", len(w.smtp.Came()), 0)
	equal(t, "outbox", w.waits(), [2]int{0, 0})
}

func TestRunSendsWhatComesAndFinishesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	under, finish := make(chan struct{}), make(chan struct{})
	w := newWorld(t, smtptest.Options{At: func(s smtptest.Step, _ smtptest.Mail) error {
		if s == smtptest.Content {
			close(under)
			<-finish
		}
		return nil
	}})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { w.worker.Run(ctx); close(ended) }()
	w.offered()
	<-under
	stop()
	close(finish)
	<-ended
	equal(t, "taken", len(w.smtp.Taken()), 1)
	equal(t, "outbox", w.waits(), [2]int{0, 0})
}

func TestTheLogNamesMailsByTheirIDAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, smtptest.Options{At: func(s smtptest.Step, m smtptest.Mail) error {
		if s == smtptest.Recipient { // servers quote what they refuse
			return smtptest.Refuse(450, "<"+m.To[0]+">: Canaryreply")
		}
		return nil
	}})
	p, _ := w.offered()
	mails, err := w.LeaseMail(t.Context(), 1, 0)
	noError(t, err)
	for w.waits()[0] > 0 {
		w.pass()
		w.Clock.Advance(6 * time.Hour)
	}
	log := w.Log.String()
	for _, want := range []string{mails[0].ID, "mail given up", "recipient 450"} {
		if !contains(log, want) {
			t.Errorf("the log lacks %q: %s", want, log)
		}
	}
	for _, word := range []string{"Canary", "Anna", w.address(p), "example.org", "haven"} {
		if contains(log, word) {
			t.Errorf("%q is in the log: %s", word, log)
		}
	}
}
