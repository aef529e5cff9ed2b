package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"grupa/api"
	"grupa/internal/account"
	"grupa/internal/store"
)

// grace is how long requests in flight may take to finish once the server is told to stop.
const grace = 20 * time.Second

// serve runs the server until ctx ends.
func serve(ctx context.Context, p *program) error {
	if len(p.args) > 0 {
		return fmt.Errorf("%q is one word too many: run it with --help to see the commands", p.args[0])
	}
	db, err := p.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(p.listen(ctx, db, p.entrance), db.Close())
}

// listen serves on the database until ctx ends. hello is called with the address once it can be reached.
func (p *program) listen(ctx context.Context, db *store.DB, hello func(context.Context, *store.DB, string) error) error {
	help, err := p.helpContacts()
	if err != nil {
		return err
	}
	if !loopback(p.Listen) && !help.confirmed() {
		return errUnconfirmed
	}
	if !loopback(p.Listen) && p.PublicURL == "" {
		return errNoPublicURL
	}
	listener, err := net.Listen("tcp", p.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", p.Listen, err)
	}
	address := "http://" + listener.Addr().String()
	if p.PublicURL == "" {
		p.PublicURL = address
	}
	log := p.logger()
	if err := p.speakAsProgramme(ctx, db); err != nil {
		return errors.Join(err, listener.Close())
	}
	handler, err := p.handler(db, help, log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := hello(ctx, db, address); err != nil {
		return errors.Join(err, listener.Close())
	}
	jobs, stopJobs := context.WithCancel(context.WithoutCancel(ctx))
	running := runJobs(jobs, log, db)
	err = serveUntil(ctx, httpServer(handler, log), listener)
	stopJobs()
	running.Wait()
	return err
}

// speakAsProgramme takes the language from the programme: the setting counts at the first start only.
func (p *program) speakAsProgramme(ctx context.Context, db *store.DB) error {
	return db.View(ctx, account.Machine(), func(tx *store.Tx) error {
		programme, err := tx.Programme()
		p.Language = programme.Language
		return err
	})
}

func (p *program) handler(db *store.DB, help helpBook, log *slog.Logger) (http.Handler, error) {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect()
	e.Pre(identify, logged(log), recovered(log), headers)
	e.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	_, err := api.New(e, api.Config{DB: db, Help: help, PublicURL: p.PublicURL, Language: p.Language, Log: log})
	return e, err
}

// httpServer has a time-out on every side, so that a slow client holds nothing for long.
func httpServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(quiet{log.Handler()}, slog.LevelWarn),
	}
}

// serveUntil serves until ctx ends, then lets the requests in flight finish.
func serveUntil(ctx context.Context, srv *http.Server, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := srv.Shutdown(stopping); err != nil {
		return errors.Join(fmt.Errorf("requests in flight did not finish in %s: %w", grace, err), srv.Close())
	}
	return nil
}

var errNoPublicURL = errors.New("--listen is open to others, but --public-url is empty: write the address that they " +
	"reach the server by, such as https://groups.example.org; feeds begin with it")

// entrance prints where the server is and how the first administrator gets in.
func (p *program) entrance(ctx context.Context, db *store.DB, address string) error {
	p.printf("Grupa listens on %s (reference at %s/docs). Stop it with Ctrl-C.\n", address, address)
	var someone bool
	err := db.View(ctx, account.Machine(), func(tx *store.Tx) (err error) {
		someone, err = tx.HasStaff(account.Administrator)
		return err
	})
	if err == nil && !someone {
		p.printf("Nobody can sign in yet. In another terminal, in this folder, run:\n" +
			"  go run ./server person add you@example.org --role administrator\n" +
			"  go run ./server token add you@example.org --name first\n")
	}
	return err
}
