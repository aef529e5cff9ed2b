package main

import (
	"runtime/debug"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"grupa/internal/store"
)

// metrics are the numbers that Prometheus reads. No label ever carries an id, a slug, a name, an address or anything
// else that came with a request: only patterns of routes and words of our own.
type metrics struct {
	registry *prometheus.Registry

	inFlight prometheus.Gauge
	requests *prometheus.CounterVec   // by method, route and class of status
	took     *prometheus.HistogramVec // by method and route

	units         *prometheus.CounterVec // by kind and outcome
	waited, ran   *prometheus.HistogramVec
	commits       *prometheus.CounterVec
	perCommit     prometheus.Histogram
	commitSeconds prometheus.Histogram
}

var _ store.Meter = (*metrics)(nil)

// seconds are the buckets for what people wait for: from a look into memory to what they give up on.
func seconds() []float64 {
	return []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
}

// instants are the buckets for what happens inside: from a few rows to a disk that is slow.
func instants() []float64 {
	return []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5}
}

// newMetrics makes the numbers of one process, in a registry of its own.
func newMetrics(engine string) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		inFlight: gauge("grupa_http_requests_in_flight", "Requests that are being answered."),
		requests: counters("grupa_http_requests_total", "Requests answered.", "method", "route", "status"),
		took:     histograms("grupa_http_request_duration_seconds", "Time to answer.", seconds(), "method", "route"),
		units:    counters("grupa_units_total", "Units of work that ended.", "kind", "outcome"),
		waited: histograms("grupa_unit_wait_seconds", "Time that a unit of work waited for its turn or a connection.",
			instants(), "kind"),
		ran:       histograms("grupa_unit_run_seconds", "Time that a unit of work ran.", instants(), "kind"),
		commits:   counters("grupa_commits_total", "Commits tried.", "outcome"),
		perCommit: histogram("grupa_commit_units", "Units that shared a commit.", prometheus.ExponentialBuckets(1, 2, 8)),
		commitSeconds: histogram("grupa_commit_duration_seconds", "Time of a commit, to the disk and back.",
			instants()),
	}
	m.registry.MustRegister(
		m.inFlight, m.requests, m.took, m.units, m.waited, m.ran, m.commits, m.perCommit, m.commitSeconds, build(engine),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	m.begin()
	return m
}

// begin shows the small sets at nought from the start, so that a first failure is seen as a rise.
func (m *metrics) begin() {
	for _, kind := range []store.UnitKind{store.Viewed, store.Updated} {
		for _, outcome := range store.Outcomes() {
			m.units.WithLabelValues(string(kind), string(outcome))
		}
		m.waited.WithLabelValues(string(kind))
		m.ran.WithLabelValues(string(kind))
	}
	for _, ok := range []bool{true, false} {
		m.commits.WithLabelValues(held(ok))
	}
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func histogram(name, help string, buckets []float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets})
}

func histograms(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
}

// build tells what runs.
func build(engine string) prometheus.Collector {
	labels := prometheus.Labels{"engine": engine, "version": "unknown", "revision": "unknown", "go": "unknown"}
	if info, ok := debug.ReadBuildInfo(); ok {
		labels["version"], labels["go"] = info.Main.Version, info.GoVersion
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				labels["revision"] = s.Value
			}
		}
	}
	g := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "grupa_build_info", Help: "What runs. Always 1.", ConstLabels: labels,
	})
	g.Set(1)
	return g
}

// counted counts a request and measures its answer. It goes around everything else, so that it sees the status that
// went out.
func (m *metrics) counted(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		m.inFlight.Inc()
		defer m.inFlight.Dec()
		err := next(c)
		method, route := knownMethod(c.Request().Method), c.Path()
		if route == "" {
			route = "(none)"
		}
		m.requests.WithLabelValues(method, route, class(c.Response().Status)).Inc()
		m.took.WithLabelValues(method, route).Observe(time.Since(start).Seconds())
		return err
	}
}

// class is the class of a status: 2xx.
func class(status int) string { return strconv.Itoa(status/100) + "xx" }

// Unit implements store.Meter.
func (m *metrics) Unit(kind store.UnitKind, outcome store.Outcome, waited, ran time.Duration) {
	m.units.WithLabelValues(string(kind), string(outcome)).Inc()
	m.waited.WithLabelValues(string(kind)).Observe(waited.Seconds())
	m.ran.WithLabelValues(string(kind)).Observe(ran.Seconds())
}

// Commit implements store.Meter.
func (m *metrics) Commit(units int, took time.Duration, ok bool) {
	m.commits.WithLabelValues(held(ok)).Inc()
	m.perCommit.Observe(float64(units))
	m.commitSeconds.Observe(took.Seconds())
}

func held(ok bool) string {
	if ok {
		return string(store.Done)
	}
	return string(store.Failed)
}
