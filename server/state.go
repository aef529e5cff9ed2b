package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"grupa/internal/store"
)

// state shows, each time it is read, how this process and its database stand. What the database counts is the same on
// every replica: to be looked at by its maximum, not its sum.
type state struct {
	db     *store.DB
	health *health

	ready, readOnly, unchained, mail, mailOldest, mailFailed *prometheus.Desc
}

func newState(db *store.DB, h *health) *state {
	of := func(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }
	return &state{
		db: db, health: h,
		ready:     of("grupa_ready", "1 where requests should be sent here."),
		readOnly:  of("grupa_read_only", "1 after the disk failed under a commit: nothing is written until a restart."),
		unchained: of("grupa_audit_unchained_rows", "Audit rows that the chain has not reached."),
		mail:      of("grupa_outbox_waiting", "Mails that wait to be sent."),
		mailOldest: of("grupa_outbox_oldest_seconds",
			"How long the first of the waiting mails has waited; 0 where none waits."),
		mailFailed: of("grupa_outbox_failed", "Mails that were given up, for somebody to look at."),
	}
}

// Describe implements prometheus.Collector.
func (s *state) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{s.ready, s.readOnly, s.unchained, s.mail, s.mailOldest, s.mailFailed} {
		to <- d
	}
}

// Collect implements prometheus.Collector. Without the database its counts are left out, and the rest still shows.
func (s *state) Collect(to chan<- prometheus.Metric) {
	show := func(d *prometheus.Desc, value float64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value)
	}
	show(s.ready, one(s.health.unready() == ""))
	show(s.readOnly, one(s.db.ReadOnly()))
	if s.health.gone() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookPatience)
	defer cancel()
	unchained, err := s.db.Unchained(ctx)
	if err != nil {
		return
	}
	mail, err := s.db.MailStats(ctx)
	if err != nil {
		return
	}
	show(s.unchained, float64(unchained))
	show(s.mail, float64(mail.Waiting))
	show(s.mailOldest, age(mail, s.db.Now()))
	show(s.mailFailed, float64(mail.Failed))
}

// age is how many seconds the first of the mails has waited.
func age(mail store.MailStats, now time.Time) float64 {
	if mail.Waiting == 0 {
		return 0
	}
	return max(now.Sub(mail.Oldest).Seconds(), 0)
}

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
