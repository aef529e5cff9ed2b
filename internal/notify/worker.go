package notify

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"grupa/group"
	"grupa/internal/store"
)

// Worker sends what waits in the outbox. Any number of them may work on one database, in one process or in several.
type Worker struct {
	DB     *store.DB
	Server *Server
	Root   string // where people look things up; empty: mails say no address
	Log    *slog.Logger
}

// How the worker goes about it. What is leased is sent side by side, so that the lease of one mail does not run out
// while it waits for another.
const (
	idle      = time.Second
	batch     = 4
	leaseTime = time.Minute      // longer than sendTime and what is written before and after it
	grace     = 10 * time.Second // for what is under way when the worker is told to stop
)

// Run looks for mail each second until ctx ends.
func (w *Worker) Run(ctx context.Context) {
	tick := time.NewTicker(idle)
	defer tick.Stop()
	for {
		for w.pass(ctx) == batch && ctx.Err() == nil {
			continue // there may be more
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// pass leases some mail, sends it, and says how much it leased.
func (w *Worker) pass(ctx context.Context) int {
	mails, err := w.DB.LeaseMail(ctx, batch, leaseTime)
	if err != nil {
		if ctx.Err() == nil {
			w.Log.Error("mail waits, the outbox can't be read", "error", err)
		}
		return 0
	}
	ctx, cancel := outlasting(ctx, grace)
	defer cancel()
	var all sync.WaitGroup
	for _, m := range mails {
		all.Go(func() { w.settle(ctx, m, w.deliver(ctx, m)) })
	}
	all.Wait()
	return len(mails)
}

// outlasting gives a context that ends that much later than ctx.
func outlasting(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(by, cancel)
		context.AfterFunc(longer, func() { timer.Stop() })
	})
	return longer, func() { stop(); cancel() }
}

// deliver brings a mail up to date, sends it if there is still something to tell, and says what became of it; empty
// means that it is not ours any more.
func (w *Worker) deliver(ctx context.Context, m store.Mail) store.MailOutcome {
	letter, now, err := w.read(ctx, m)
	switch {
	case errors.Is(err, store.ErrMailGone):
		return ""
	case errors.Is(err, group.ErrSafetyOpen):
		return store.MailHeld
	case err != nil:
		w.Log.Error("mail can't be read", "mail", m.ID, "error", err)
		return store.MailDelayed
	case letter == nil:
		return store.MailDropped
	}
	msg, err := w.Server.message(m.ID, letter.Person.Contact.Email, write(letter, w.Root), now)
	if err == nil {
		err = w.Server.send(ctx, msg)
	}
	if err == nil {
		return store.MailSent
	}
	w.Log.Warn("mail could not be sent", "mail", m.ID, "try", m.Attempt, "error", err)
	if f, ok := errors.AsType[*failure](err); ok && f.permanent {
		return store.MailFailed
	}
	return store.MailDelayed
}

// settle notes what became of a mail. What was sent and can't be noted would be sent again, so it is tried for a while.
func (w *Worker) settle(ctx context.Context, m store.Mail, o store.MailOutcome) {
	if o == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	again := time.NewTicker(idle)
	defer again.Stop()
	for {
		noted, err := w.DB.SettleMail(ctx, m, o)
		if err == nil {
			if noted == store.MailFailed {
				w.Log.Error("mail given up", "mail", m.ID, "try", m.Attempt)
			}
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			w.Log.Error("mail could not be settled", "mail", m.ID, "outcome", o, "error", err)
			return
		}
	}
}
