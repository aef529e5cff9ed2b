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
	"grupa/internal/notify"
	"grupa/internal/store"
)

// grace is how long requests in flight may take to finish once the server is told to stop.
const grace = 20 * time.Second

// serve runs the server until ctx ends.
func serve(ctx context.Context, p *program) error {
	if len(p.args) > 0 {
		return fmt.Errorf("%q is one word too many: run it with --help to see the commands", p.args[0])
	}
	p.measure()
	db, err := p.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(p.listen(ctx, db, p.entrance), db.Close())
}

// listen serves on the database until ctx ends. hello is called with the address once it can be reached.
func (p *program) listen(ctx context.Context, db *store.DB, hello func(context.Context, *store.DB, string) error) error {
	help, err := p.mayListen()
	if err != nil {
		return err
	}
	d, err := p.openDoors()
	if err != nil {
		return err
	}
	defer d.close()
	post, err := p.postman(db)
	if err != nil {
		return err
	}
	address := "http://" + d.public.Addr().String()
	if p.PublicURL == "" {
		p.PublicURL = address
	}
	if err := p.speakAsProgramme(ctx, db); err != nil {
		return err
	}
	log, health := p.logger(), newHealth(ctx, db)
	handler, err := p.handler(db, help, health, log)
	if err != nil {
		return err
	}
	if d.private != nil {
		p.printf("Metrics are at http://%s/metrics.\n", d.private.Addr())
	}
	// Whoever reads the address may already tell it to stop: that is to be a stop like any other.
	if err := hello(context.WithoutCancel(ctx), db, address); err != nil {
		return err
	}
	return p.live(ctx, db, health, handler, d, post)
}

// live answers requests and does the jobs until ctx ends. Then it says that it stops, takes no more connections, lets
// what is in flight finish, gives the jobs their last pass, and shows its numbers to the end.
func (p *program) live(
	ctx context.Context, db *store.DB, h *health, handler http.Handler, d *doors, post *notify.Worker,
) error {
	log := p.logger()
	private := p.showMetrics(db, h, d.private, log)
	jobs, stopJobs := context.WithCancel(context.WithoutCancel(ctx))
	running := runJobs(jobs, log, db, post)
	running.Go(func() { h.run(jobs) })
	err := p.serveUntil(ctx, httpServer(handler, log), d.public, h)
	stopJobs()
	running.Wait()
	p.access.flush()
	return errors.Join(err, private.Close())
}

// mayListen refuses to be reached by others before it is fit for them.
func (p *program) mayListen() (helpBook, error) {
	help, err := p.helpContacts()
	switch {
	case err != nil:
		return nil, err
	case !loopback(p.Listen) && !help.confirmed():
		return nil, errUnconfirmed
	case !loopback(p.Listen) && p.PublicURL == "":
		return nil, errNoPublicURL
	}
	return help, nil
}

// speakAsProgramme takes the language from the programme: the setting counts at the first start only.
func (p *program) speakAsProgramme(ctx context.Context, db *store.DB) error {
	return db.View(ctx, account.Machine(), func(tx *store.Tx) error {
		programme, err := tx.Programme()
		p.Language = programme.Language
		return err
	})
}

func (p *program) handler(db *store.DB, help helpBook, h *health, log *slog.Logger) (http.Handler, error) {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect()
	if p.metrics != nil {
		e.Pre(p.metrics.counted)
	}
	p.access = p.accessLog()
	e.Pre(identify, logged(p.access), recovered(log), headers)
	h.register(e)
	_, err := api.New(e, api.Config{
		DB: db, Help: help, PublicURL: p.PublicURL, Language: p.Language, Log: log, Gone: h.gone,
	})
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
func (p *program) serveUntil(ctx context.Context, srv *http.Server, listener net.Listener, h *health) error {
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	h.stopping.Store(true)
	if err := p.drain(srv, failed); err != nil {
		return err
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := srv.Shutdown(stopping); err != nil {
		return errors.Join(fmt.Errorf("requests in flight did not finish in %s: %w", grace, err), srv.Close())
	}
	return nil
}

// drain goes on serving while a proxy in front finds out that this process stops, each connection for one more answer.
func (p *program) drain(srv *http.Server, failed <-chan error) error {
	wait, _ := time.ParseDuration(p.Drain) // checked with the settings; nothing without them
	if wait <= 0 {
		return nil
	}
	srv.SetKeepAlivesEnabled(false)
	select {
	case err := <-failed:
		return err
	case <-time.After(wait):
		return nil
	}
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
