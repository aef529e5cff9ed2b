package store

import (
	"database/sql/driver"
	"errors"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"
)

// raised is the SQLSTATE of a trigger that refuses (raise_exception).
const raised = "P0001"

// refusedBy says whether the database refused by the trigger that raises that word.
func refusedBy(err error, word string) bool {
	if e, ok := errors.AsType[sqlite3.Error](err); ok {
		return e.ExtendedCode == sqlite3.ErrConstraintTrigger && e.Error() == word
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == raised && e.Message == word
}

// duplicate says whether the database refused because a row of that table is there already.
func duplicate(err error, table string) bool {
	if e, ok := errors.AsType[sqlite3.Error](err); ok {
		return (e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey) &&
			strings.Contains(e.Error(), " "+table+".")
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "23505" && e.TableName == table
}

// isBusy says whether a lock could not be had in the time that the unit gave it.
func isBusy(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "55P03"
}

// isDiskError is for errors after which SQLite has rolled back the whole transaction, not just a statement.
func isDiskError(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	if !ok {
		return false
	}
	switch e.Code {
	case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrNomem, sqlite3.ErrCorrupt, sqlite3.ErrBusy, sqlite3.ErrInterrupt:
		return true
	}
	return false
}

// isIOError is for errors after which nobody knows what of the database is on disk. A full disk is none, also where the
// engine meets it outside of a write: what it did not take is known.
func isIOError(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	full := ok && (e.SystemErrno == syscall.ENOSPC || e.SystemErrno == syscall.EDQUOT)
	return ok && !full && (e.Code == sqlite3.ErrIoErr || e.Code == sqlite3.ErrCorrupt || e.Code == sqlite3.ErrNotADB)
}

func isNoRow(err error) bool { return errors.Is(err, gorm.ErrRecordNotFound) }

// orNotFound gives the rule's own error where there is no row.
func orNotFound(err, notFound error) error {
	if isNoRow(err) {
		return notFound
	}
	return err
}

// blob is octets as one value. Without it gorm takes a slice right behind a parenthesis for a list.
type blob []byte

// Value implements driver.Valuer.
func (b blob) Value() (driver.Value, error) { return []byte(b), nil }
