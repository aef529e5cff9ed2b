// Command standin takes filled forms as the server does and writes them by the same rule into the same store, but says
// otherwise when a submission is committed and when it is acknowledged, or counts seats as the server must not. It is the
// control of what is measured and broken; nobody runs it for real. It leaves out every check of a request but those of
// the rule.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"grupa/internal/store"
	"grupa/internal/store/seal"
	"grupa/internal/words"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "standin:", err) // a terminal that is gone needs no help
		os.Exit(1)
	}
}

type options struct{ mode, listen, data, databaseURL, keyFile string }

// database is the address of a PostgreSQL database, or the path of an SQLite file.
func (o options) database() string {
	if o.databaseURL != "" {
		return o.databaseURL
	}
	return filepath.Join(o.data, "grupa.db")
}

func readOptions(args []string) (o options, err error) {
	flags := flag.NewFlagSet("standin", flag.ContinueOnError)
	flags.StringVar(&o.mode, "mode", together, "together, alone, early or naive")
	flags.StringVar(&o.listen, "listen", "127.0.0.1:0", "address and port")
	flags.StringVar(&o.data, "data", "data", "folder of the database")
	flags.StringVar(&o.databaseURL, "database-url", "", "PostgreSQL instead of SQLite")
	flags.StringVar(&o.keyFile, "key-file", filepath.Join("keys", "grupa.key"), "file of the installation's key")
	flags.String("help-contacts", "", "taken as the server takes it, and not used")
	return o, flags.Parse(args)
}

func run(ctx context.Context, args []string) error {
	o, err := readOptions(args)
	if err != nil {
		return err
	}
	db, err := open(ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(serve(ctx, o, db), db.Close())
}

// open opens the database as the server does, so that the server can open it afterwards.
func open(ctx context.Context, o options) (*store.DB, error) {
	if err := os.MkdirAll(o.data, 0o700); err != nil {
		return nil, err
	}
	key, _, err := seal.ReadOrMake(o.keyFile)
	if err != nil {
		return nil, err
	}
	keyring, err := seal.New(key)
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx, o.database()); err != nil {
		return nil, err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	db, err := store.Open(ctx, store.Config{Database: o.database(), Sealing: keyring, Now: time.Now, Log: log})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(db.Install(ctx, words.English, "UTC"), db.LoadCatalogue(ctx)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// serve serves until ctx ends and the requests in flight are answered.
func serve(ctx context.Context, o options, db *store.DB) error {
	handler, err := newHandler(o.mode, db)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("POST /api/v1/applications", handler)
	if o.mode == naive {
		seats, err := newSeats(ctx, o.database(), db)
		if err != nil {
			return err
		}
		defer seats.close()
		mux.Handle("POST /api/v1/applications/{id}/offers", seats)
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	fmt.Printf("The stand-in listens on http://%s (%s).\n", listener.Addr(), o.mode)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return server.Shutdown(context.WithoutCancel(ctx))
	}
}
