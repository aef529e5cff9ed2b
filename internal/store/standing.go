package store

import (
	"context"
	"sync"
	"time"

	"grupa/intake"
	"grupa/internal/account"
)

// standing is what nearly every submission asks for and hardly anything ever changes, as it stood at most a second ago.
type standing struct {
	mu   sync.Mutex
	last *stood
	next *reading // that is under way
}

// stood is one reading. Nobody changes it.
type stood struct {
	programme account.Programme
	site      account.Site
	types     []*intake.GroupType // the newest version of each
	began     time.Time
}

// reading is on its way. Who waits for it shares what comes of it, a failure too.
type reading struct {
	done chan struct{}
	got  *stood
	err  error
}

// standingLife is how long a reading is good for. What is published or changed counts everywhere after that.
const standingLife = time.Second

// at gives the reading. If it is too old a new one is taken, by one for all.
func (s *standing) at(ctx context.Context, db *DB) (*stood, error) {
	s.mu.Lock()
	if s.last != nil && time.Since(s.last.began) < standingLife {
		defer s.mu.Unlock()
		return s.last, nil
	}
	r := s.next
	if r == nil {
		r = &reading{done: make(chan struct{})}
		s.next = r
		go s.read(context.WithoutCancel(ctx), db, r)
	}
	s.mu.Unlock()
	select {
	case <-r.done:
		return r.got, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *standing) read(ctx context.Context, db *DB, r *reading) {
	now := &stood{began: time.Now()}
	err := db.View(ctx, account.Machine(), now.fill)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.err = err; err == nil {
		r.got, s.last = now, now
	}
	s.next = nil
	close(r.done)
}

func (s *stood) fill(tx *Tx) (err error) {
	if s.programme, err = tx.Programme(); err != nil {
		return err
	}
	if s.site, err = tx.Site(); err != nil {
		return err
	}
	s.types, err = tx.GroupTypes()
	return err
}
