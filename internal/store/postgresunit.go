package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const beginUnit = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"

// mostTries bounds how often a unit is run that the database ends for the sake of another one.
const mostTries = 10

// update implements engine.
func (p *postgres) update(ctx context.Context, u *unit) {
	asked, work, cancel := patience(ctx)
	defer cancel()
	for try := 0; ; try++ {
		if u.adds == nil {
			u.err = p.once(asked, work, u)
		} else {
			u.err = p.add(asked, work, u.adds)
		}
		u.err = ended(ctx, u.err)
		if u.panic != nil || !again(u.err) {
			return
		}
		if try == mostTries-1 {
			p.db.cfg.Log.Error("a unit found no quiet moment", "tries", mostTries, "error", u.err)
			u.err = ErrStorage.Because(u.err)
			return
		}
		select {
		case <-time.After(rand.N(time.Millisecond << try)):
		case <-asked.Done():
			u.err = ended(ctx, asked.Err())
			return
		}
	}
}

// ended tells the end of the asker's patience from that of the unit's own, which is the database's fault.
func ended(ctx context.Context, err error) error {
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return ErrStorage.Because(err)
	}
	return err
}

// again says whether a unit that ended so may do better when it is run once more.
func again(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return false
	}
	switch e.Code {
	case "40001", "40P01": // serialization failure, deadlock
		return true
	case "0A000": // a prepared statement is older than the schema
		return e.Routine == "RevalidateCachedQuery"
	}
	return false
}

// patience gives what a unit waits with for its turn, which also ends with whoever asked, and what it then works with,
// which does not. Both have the same end.
func patience(ctx context.Context) (asked, work context.Context, cancel context.CancelFunc) {
	end := time.Now().Add(unitTime)
	asked, cancelAsked := context.WithDeadline(ctx, end)
	work, cancelWork := context.WithDeadline(context.WithoutCancel(ctx), end)
	return asked, work, func() { cancelAsked(); cancelWork() }
}

// once runs the unit in one transaction, as often as update calls it. What was begun is finished even if ctx ends.
func (p *postgres) once(asked, work context.Context, u *unit) error {
	c, err := p.begin(asked, p.write, beginUnit)
	if err != nil {
		return err
	}
	defer p.give(p.write, c)
	err = p.db.run(&Tx{g: c.gorm.WithContext(work), engine: onPostgres, writes: true}, u)
	if err == nil && c.status() == aborted {
		err = errAborted // the rule overlooked an error; a COMMIT would roll back and say nothing
	}
	if err != nil {
		err = p.answer(work, c, err)
		if c.status() != lost {
			_ = c.exec(work, "ROLLBACK") // if not, give closes the connection, which does the same
		}
		return err
	}
	if err := p.db.commits(1, func() error { return c.exec(work, "COMMIT") }); err != nil {
		p.db.cfg.Log.Error("nobody knows whether this unit is on disk", "error", err)
		return ErrStorage.Because(err)
	}
	return nil
}

// add writes down what an Append has noted: one message to the database, and one answer.
func (p *postgres) add(asked, work context.Context, adds []statement) error {
	c, err := p.take(asked, p.write)
	if err != nil {
		return err
	}
	defer p.give(p.write, c)
	err = p.db.commits(1, func() error { return c.send(work, adds) })
	if err != nil && c.status() == lost {
		p.db.cfg.Log.Error("nobody knows whether this unit is on disk", "error", err)
		return ErrStorage.Because(err)
	}
	if err != nil && c.status() != idle {
		_ = c.exec(work, "ROLLBACK") // if not, give closes the connection, which does the same
	}
	return err
}

var errAborted = errors.New("the unit went on after a refused statement")
