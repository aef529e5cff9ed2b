package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"grupa/internal/fault"
)

func TestOnlyTheMachinesOwnErrorsMeanThatTheDatabaseIsOutOfReach(t *testing.T) {
	t.Parallel()
	taken := fault.New(fault.Conflict, "taken")
	for name, c := range map[string]struct {
		err error
		out bool
	}{
		"disk":                              {sqlite3.Error{Code: sqlite3.ErrIoErr}, true},
		"damage":                            {sqlite3.Error{Code: sqlite3.ErrCorrupt}, true},
		"no database":                       {sqlite3.Error{Code: sqlite3.ErrNotADB}, true},
		"file gone":                         {sqlite3.Error{Code: sqlite3.ErrCantOpen}, true},
		"locked for long":                   {sqlite3.Error{Code: sqlite3.ErrBusy}, true},
		"a wrong statement":                 {sqlite3.Error{Code: sqlite3.ErrError}, false},
		"a constraint":                      {sqlite3.Error{Code: sqlite3.ErrConstraint}, false},
		"refused":                           {fmt.Errorf("open: %w", &pgconn.ConnectError{}), true},
		"shut down":                         {&pgconn.PgError{Code: "57P01"}, true},
		"starting up":                       {&pgconn.PgError{Code: "57P03"}, true},
		"too many connections":              {&pgconn.PgError{Code: "53300"}, true},
		"its disk is full":                  {&pgconn.PgError{Code: "53100"}, true},
		"a standby":                         {&pgconn.PgError{Code: "25006"}, true},
		"a wrong transaction":               {&pgconn.PgError{Code: "25P02"}, false},
		"a unique row":                      {&pgconn.PgError{Code: "23505"}, false},
		"a wrong statement, 2":              {&pgconn.PgError{Code: "42601"}, false},
		"the line":                          {&net.OpError{Op: "read", Err: errors.New("reset")}, true},
		"a dead connection":                 {driver.ErrBadConn, true},
		"the store's own time":              {context.DeadlineExceeded, true},
		"a rule's":                          {taken, false},
		"a rule's, over one of the machine": {taken.Because(driver.ErrBadConn), false},
		"a bug":                             {errors.New("nil map"), false},
	} {
		got := reached(t.Context(), c.err)
		if out := errors.Is(got, ErrStorage); out != c.out {
			t.Errorf("%s: %v", name, got)
		}
		if !errors.Is(got, c.err) {
			t.Errorf("%s: the cause is lost: %v", name, got)
		}
	}
	if err := reached(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func TestWhoeverLeavesIsNotToldThatTheDatabaseIsGone(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range []error{context.Canceled, driver.ErrBadConn, sqlite3.Error{Code: sqlite3.ErrInterrupt}} {
		if got := reached(ctx, err); errors.Is(got, ErrStorage) {
			t.Errorf("%v became %v", err, got)
		}
	}
}
