package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"grupa/internal/store"
)

// doors are where the process listens: one for people and programs, one for whoever runs it.
type doors struct {
	public  net.Listener
	private net.Listener // nil: nobody reads metrics
}

// openDoors opens both or none, so that a process that starts is whole.
func (p *program) openDoors() (*doors, error) {
	d := &doors{}
	var err error
	if d.public, err = net.Listen("tcp", p.Listen); err != nil {
		return nil, fmt.Errorf("listen on %s: %w", p.Listen, err)
	}
	if p.metrics == nil {
		return d, nil
	}
	if d.private, err = net.Listen("tcp", p.MetricsListen); err != nil {
		d.close()
		return nil, fmt.Errorf("listen on %s for metrics: %w", p.MetricsListen, err)
	}
	return d, nil
}

// close closes what nobody serves on. A server closes its own listener first; then there is nothing left to say.
func (d *doors) close() {
	_ = d.public.Close()
	if d.private != nil {
		_ = d.private.Close()
	}
}

// measure begins to count, where somebody is to read it.
func (p *program) measure() {
	if p.MetricsListen == "" {
		return
	}
	engine := "sqlite"
	if store.IsPostgres(p.database()) {
		engine = "postgres"
	}
	p.metrics = newMetrics(engine)
}

// mostScrapes is how many may read metrics at once.
const mostScrapes = 4

// showMetrics serves metrics and both probes on the private door, until the server that it gives is closed.
func (p *program) showMetrics(db *store.DB, h *health, listener net.Listener, log *slog.Logger) *http.Server {
	mux := http.NewServeMux()
	srv := httpServer(mux, log)
	if listener == nil {
		return srv
	}
	p.metrics.registry.MustRegister(newState(db, h))
	mux.HandleFunc("GET /healthz", healthz)
	mux.HandleFunc("GET /readyz", h.readyz)
	mux.Handle("GET /metrics", promhttp.HandlerFor(p.metrics.registry, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: mostScrapes,
	}))
	go func() {
		if err := srv.Serve(listener); err != http.ErrServerClosed {
			log.Error("metrics can't be read any more", "error", err)
		}
	}()
	return srv
}
