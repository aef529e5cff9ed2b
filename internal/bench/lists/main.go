// Command lists is a list of applications as one writes it by hand for this database: bare Echo, database/sql, three
// statements that are prepared once, encoding/json. It shows the same columns as the real list, with the verdicts and a
// total up to a thousand, to whoever holds a token. It knows one filter and one order, no cursor and no scope, and is
// there to be measured against; nobody runs it for real.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/labstack/echo/v4"
	_ "github.com/mattn/go-sqlite3" // the driver

	"grupa/internal/bench/rig"
)

func main() { rig.Main("lists", run) }

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("lists", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:0", "address and port")
	data := flags.String("data", "data", "folder of the database")
	_ = flags.String("key-file", "", "taken as the server takes it, and not used")
	_ = flags.String("help-contacts", "", "the same")
	if err := flags.Parse(args); err != nil {
		return err
	}
	l, err := open(ctx, filepath.Join(*data, "grupa.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.db.Close()) }()
	e := echo.New()
	e.GET("/applications", l.serve)
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: e, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if _, err := fmt.Fprintf(out, "The list listens on http://%s.\n", listener.Addr()); err != nil {
		return err
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return server.Shutdown(context.WithoutCancel(ctx))
	}
}

type list struct {
	db                  *sql.DB
	caller, page, count *sql.Stmt
}

func open(ctx context.Context, path string) (*list, error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&_query_only=true&_busy_timeout=10000")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(8)
	l := &list{db: db}
	for _, s := range []struct {
		into **sql.Stmt
		text string
	}{
		{&l.caller, `SELECT r.programme_id FROM token t JOIN staff_role r ON r.person_id = t.person_id
			WHERE t.hash = ? AND t.revoked_at IS NULL AND r.role = 'coordinator'`},
		{&l.page, `SELECT id, reference, state, language, safety, submitted_at, updated_at, (SELECT s.verdicts
				FROM screening s WHERE s.application_seq = a.seq ORDER BY s.number DESC LIMIT 1) FROM application a
			WHERE programme_id = ? AND state = ? AND language = ? ORDER BY submitted_at DESC, seq DESC LIMIT 30`},
		{&l.count, `SELECT count(*) FROM (SELECT 1 FROM application
			WHERE programme_id = ? AND state = ? AND language = ? LIMIT 1001)`},
	} {
		if *s.into, err = db.PrepareContext(ctx, s.text); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return l, nil
}
