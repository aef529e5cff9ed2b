package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/mattn/go-sqlite3" // the engine

	"grupa/internal/account"
	"grupa/internal/bench/rig"
)

// columns of the table, 32 of them. The schema is the same that PocketBase is given: three indexes beside the key.
const columns = `id, status, created, updated, language, applying_for, since, daily_life, life_crisis, reason, reality,
	self_harm, safe_at_home, sober, call_me_soon, ready_benefit, ready_speak, ready_listen, ready_comfort, ready_attend,
	ready_agreement, attendance, practice, feedback, experience, own_wish, age_band, hopes_own_words, name, email,
	availability, answers`

const schema = `
CREATE TABLE IF NOT EXISTS intake (id TEXT PRIMARY KEY, status TEXT NOT NULL, created INTEGER NOT NULL,
	updated INTEGER NOT NULL, language TEXT, applying_for TEXT, since TEXT, daily_life TEXT, life_crisis TEXT,
	reason TEXT, reality TEXT, self_harm TEXT, safe_at_home TEXT, sober TEXT, call_me_soon INTEGER, ready_benefit TEXT,
	ready_speak TEXT, ready_listen TEXT, ready_comfort TEXT, ready_attend TEXT, ready_agreement TEXT, attendance TEXT,
	practice TEXT,
	feedback TEXT, experience TEXT, own_wish TEXT, age_band TEXT, hopes_own_words TEXT, name TEXT, email TEXT,
	availability TEXT, answers TEXT);
CREATE INDEX IF NOT EXISTS intake_status ON intake (status, created);
CREATE INDEX IF NOT EXISTS intake_created ON intake (created);
CREATE INDEX IF NOT EXISTS intake_email ON intake (email);`

// table has one connection that writes, and one goroutine that has it.
type table struct {
	db      *sql.DB
	insertS *sql.Stmt
	rows    chan *newRow
	done    chan struct{} // closed when the goroutine has ended; nil while there is none
}

// newRow is a row on its way to the disk and back.
type newRow struct {
	values []any
	stored chan error
}

var errNotStored = errors.New("the row was not stored")

func openTable(ctx context.Context, dir string) (*table, error) {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "floor.db")+
		"?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=10000&_txlock=immediate&_cache_size=-32000")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	marks := strings.Repeat(", ?", strings.Count(columns, ","))
	insert, err := db.PrepareContext(ctx, fmt.Sprintf("INSERT INTO intake (%s) VALUES (?%s)", columns, marks))
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &table{db: db, insertS: insert, rows: make(chan *newRow, 1024)}, nil
}

// close waits for what was handed in. Nobody may insert any more.
func (t *table) close() error {
	close(t.rows)
	if t.done != nil {
		<-t.done
	}
	return errors.Join(t.insertS.Close(), t.db.Close())
}

// insert gives nil once the row is on disk.
func (t *table) insert(id, status string, values []any) error {
	now := time.Now().Unix()
	r := &newRow{append([]any{id, status, now, now}, values...), make(chan error, 1)}
	t.rows <- r
	return <-r.stored
}

// serve lets rows be inserted, of which so many share a commit at most, until close.
func (t *table) serve(most int) {
	t.done = make(chan struct{})
	go t.write(most)
}

// write commits the rows that wait together.
func (t *table) write(most int) {
	defer close(t.done)
	for first := range t.rows {
		batch := []*newRow{first}
		for waits := true; waits && len(batch) < most; {
			select {
			case r, ok := <-t.rows:
				if waits = ok; ok {
					batch = append(batch, r)
				}
			default:
				waits = false
			}
		}
		err := t.commit(batch)
		for _, r := range batch {
			r.stored <- err
		}
	}
}

func (t *table) commit(batch []*newRow) error {
	tx, err := t.db.Begin()
	if err != nil {
		return err
	}
	insert := tx.Stmt(t.insertS)
	for _, r := range batch {
		if _, err := insert.Exec(r.values...); err != nil {
			return errors.Join(errNotStored, err, tx.Rollback())
		}
	}
	return tx.Commit()
}

// seed fills the table with records like those that come in over HTTP, ten minutes apart.
func (t *table) seed(ctx context.Context, rows int) error {
	var r record
	if err := json.Unmarshal(rig.MarkedRecord(), &r); err != nil {
		return err
	}
	states := []string{"submitted", "enrolled", "enrolled", "enrolled", "withdrawn", "referred_on", "eligible"}
	languages := []string{"en", "en", "en", "en", "en", "pl", "pl", "pl", "lv", "fa"}
	start := time.Now().Add(-time.Duration(rows) * 10 * time.Minute)
	for done := 0; done < rows; {
		var batch []*newRow
		for ; done < rows && len(batch) < 1000; done++ {
			r.Name, r.Email = "Ada Example", fmt.Sprintf("%s.applicant%06d@example.org", account.NewID()[:5], done)
			r.Language = languages[rand.IntN(len(languages))] //nolint:gosec // no secret
			values, err := r.values()
			if err != nil {
				return err
			}
			at := start.Add(time.Duration(done) * 10 * time.Minute).Unix()
			state := states[rand.IntN(len(states))] //nolint:gosec // no secret
			batch = append(batch, &newRow{values: append([]any{account.NewID(), state, at, at}, values...)})
		}
		if err := errors.Join(t.commit(batch), ctx.Err()); err != nil {
			return err
		}
	}
	return nil
}
