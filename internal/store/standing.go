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
	read time.Time
}

// stood is one reading. Nobody changes it.
type stood struct {
	programme account.Programme
	site      account.Site
	types     []*intake.GroupType // the newest version of each
}

// standingLife is how long a reading is good for. What is published or changed counts everywhere after that.
const standingLife = time.Second

// at gives the reading, and takes a new one if it is too old: one caller does, the others wait for it.
func (s *standing) at(ctx context.Context, db *DB) (*stood, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last != nil && time.Since(s.read) < standingLife {
		return s.last, nil
	}
	began := time.Now()
	var next stood
	err := db.View(context.WithoutCancel(ctx), account.Machine(), func(tx *Tx) (err error) {
		if next.programme, err = tx.Programme(); err != nil {
			return err
		}
		if next.site, err = tx.Site(); err != nil {
			return err
		}
		next.types, err = tx.GroupTypes()
		return err
	})
	if err != nil {
		return nil, err
	}
	s.last, s.read = &next, began
	return s.last, nil
}
