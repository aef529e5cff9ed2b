package store

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// dialect says which engine a unit runs on, for the few statements that must differ.
type dialect int

const (
	onSQLite dialect = iota
	onPostgres
)

// locked makes a unit that writes wait for others that have loaded the same row to decide on it, and see what they did.
// SQLite has one writer, so there is nothing to wait for.
func (tx *Tx) locked(q *gorm.DB) *gorm.DB {
	if tx.engine == onPostgres && tx.writes {
		return q.Clauses(clause.Locking{Strength: "NO KEY UPDATE"})
	}
	return q
}

// The numbers of PostgreSQL's advisory locks that this package takes, until the end of the unit.
const (
	lockAudit   = 7205 // taken shared by a trigger with each audit row
	lockInstall = 7206
	lockChain   = 7207
)

// alone makes the units that take the same lock run one after another.
func (tx *Tx) alone(lock int) error {
	if tx.engine == onSQLite {
		return nil
	}
	return tx.g.Exec("SELECT pg_advisory_xact_lock(?)", lock).Error
}

// briefly makes the unit give up a lock that it does not get at once: while it waits, all others would wait behind it.
func (tx *Tx) briefly() error {
	if tx.engine == onSQLite {
		return nil
	}
	return tx.g.Exec("SET LOCAL lock_timeout = '100ms'").Error
}

// skipLocked ends a query for work that several replicas share: what another one is just taking is passed over.
func (tx *Tx) skipLocked() string {
	if tx.engine == onSQLite {
		return ""
	}
	return " FOR UPDATE SKIP LOCKED"
}

// attempt runs statements of which one may be refused, and leaves the unit as it was before them if so. On PostgreSQL a
// refused statement would end the whole unit.
func (tx *Tx) attempt(fn func() error) error {
	if err := tx.g.Exec("SAVEPOINT attempt").Error; err != nil {
		return err
	}
	err := fn()
	end := "RELEASE SAVEPOINT attempt"
	if err != nil {
		end = "ROLLBACK TO SAVEPOINT attempt"
	}
	if ended := tx.g.Exec(end).Error; ended != nil {
		return ended
	}
	return err
}
