package store

import (
	"database/sql/driver"
	"errors"
	"strings"

	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"
)

// refusedBy says whether the database refused by the trigger that raises that word.
func refusedBy(err error, word string) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && e.ExtendedCode == sqlite3.ErrConstraintTrigger && e.Error() == word
}

// duplicate says whether the database refused by that unique index or column list ("offer.group_id").
func duplicate(err error, part string) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && (e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey) &&
		strings.Contains(e.Error(), part)
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
