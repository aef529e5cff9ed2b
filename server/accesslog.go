package main

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"
)

const (
	logDelay = 10 * time.Millisecond // the longest that a line waits for others
	logBatch = 64 << 10              // octets that are written without waiting for more
)

// accessLog writes a JSON line a request, as slog's handler would. Requests that end close together share one write to
// the system, which is much of what a quick answer costs. Lines keep their order among themselves and are whole. flush
// at the end leaves none behind; a process that is killed loses those of its last hundredth of a second at most. Errors
// go past it, at once.
type accessLog struct {
	out io.Writer

	mu      sync.Mutex // holds for what follows, and while a batch is written
	waiting []byte
	timer   *time.Timer // runs while something waits
}

// access is what a line tells. Every text is one of ours: see knownMethod, the router's patterns, ids.
type access struct {
	at                              time.Time
	requestID, method, route, actor string
	status                          int
	took                            time.Duration
}

// accessLog gives the log of requests, or nil where the settings ask for less.
func (p *program) accessLog() *accessLog {
	if !p.logger().Enabled(context.Background(), slog.LevelInfo) {
		return nil
	}
	return newAccessLog(p.err)
}

func newAccessLog(out io.Writer) *accessLog {
	l := &accessLog{out: out, waiting: make([]byte, 0, logBatch+1<<10)}
	l.timer = time.AfterFunc(time.Hour, l.flush)
	l.timer.Stop()
	return l
}

func (l *accessLog) add(a access) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		l.timer.Reset(logDelay)
	}
	l.waiting = a.line(l.waiting)
	if len(l.waiting) >= logBatch {
		l.write()
	}
}

// flush writes what waits.
func (l *accessLog) flush() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write()
}

// write is called with mu held. Where nobody takes lines any more, a request can't help it.
func (l *accessLog) write() {
	l.timer.Stop()
	if len(l.waiting) > 0 {
		_, _ = l.out.Write(l.waiting)
		l.waiting = l.waiting[:0]
	}
}

func (a *access) line(b []byte) []byte {
	b = append(b, `{"time":"`...)
	b = a.at.AppendFormat(b, time.RFC3339Nano)
	b = append(b, `","level":"INFO","msg":"request"`...)
	b = text(b, "request_id", a.requestID)
	b = text(b, "method", a.method)
	b = text(b, "route", a.route)
	b = append(b, `,"status":`...)
	b = strconv.AppendInt(b, int64(a.status), 10)
	b = append(b, `,"took":`...)
	b = strconv.AppendInt(b, int64(a.took), 10)
	if a.actor != "" {
		b = text(b, "actor", a.actor)
	}
	return append(b, "}\n"...)
}

// text appends a field. What could end it early or is no plain character, which none of our texts has, becomes "?".
func text(b []byte, name, value string) []byte {
	b = append(append(append(b, `,"`...), name...), `":"`...)
	for i := range len(value) {
		if c := value[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			b = append(b, '?')
		} else {
			b = append(b, c)
		}
	}
	return append(b, '"')
}
