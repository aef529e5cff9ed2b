package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"grupa/internal/fault"
)

// reached gives ErrStorage where the database itself failed, so that whoever asked is told to come again, and every
// other error as it is: a rule's, and the end of the asker's own patience.
func reached(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil || fault.Of(err) != nil || !isOutOfReach(err) {
		return err
	}
	return ErrStorage.Because(err)
}

// isOutOfReach says whether an error is of the machine below: disk, file, network, server. A time that ran out is one
// too; it is the store's own, since the asker's has been looked at.
func isOutOfReach(err error) bool {
	if e, ok := errors.AsType[sqlite3.Error](err); ok {
		return isDiskError(err) || isIOError(err) || e.Code == sqlite3.ErrCantOpen || e.Code == sqlite3.ErrLocked
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return isServerState(e.Code)
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, context.DeadlineExceeded)
}

// isServerState looks at the class of an SQLSTATE: connection, resources, the operator, the system, damage; and a
// server that takes no writes at the moment.
func isServerState(code string) bool {
	for _, class := range []string{"08", "53", "57", "58", "XX", "25006"} {
		if strings.HasPrefix(code, class) {
			return true
		}
	}
	return false
}
