package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

var metricsAt = regexp.MustCompile(`Metrics are at (http://\S+)/metrics`)

// private is where the process shows its metrics; it was started with --metrics-listen.
func (p *process) private() string {
	p.t.Helper()
	m := p.out.find(metricsAt)
	if m == nil {
		p.t.Fatalf("it does not say where its metrics are: %s", p.out.text())
	}
	return m[1]
}

// ask gets an address without anything more.
func ask(t testing.TB, address string) (status int, body string, err error) {
	t.Helper()
	return askWithin(t, time.Minute, address)
}

func askWithin(t testing.TB, patience time.Duration, address string) (status int, body string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	raw, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close() // read to its end
	return resp.StatusCode, string(raw), err
}

func TestAProcessThatWorksSaysSoAtBothDoors(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start("--metrics-listen", "127.0.0.1:0")
	for _, door := range []string{p.url, p.private()} {
		for path, word := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
			if status, body, err := ask(t, door+path); err != nil || status != http.StatusOK || body != word {
				t.Errorf("%s%s: %d %q, %v", door, path, status, body, err)
			}
		}
	}
	if status, _, err := ask(t, p.url+"/metrics"); err != nil || status != http.StatusNotFound {
		t.Errorf("at the public door metrics get %d, %v", status, err)
	}
	if status, _, err := ask(t, p.private()+"/api/v1/help"); err != nil || status != http.StatusNotFound {
		t.Errorf("at the private door the API gets %d, %v", status, err)
	}
}

// A stop has an order: not ready, no more connections, what is in flight, the jobs, and only then the rest.
func TestAStopSaysSoFirstAndShowsItselfToTheEnd(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start("--metrics-listen", "127.0.0.1:0", "--drain", "3s")
	private := p.private()
	conn := p.dial("POST /api/v1/applications HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
		"Content-Length: 18\r\nExpect: 100-continue\r\n\r\n")
	answers := bufio.NewReader(conn)
	if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q, %v", line, err)
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if status := p.until(t, p.url+"/readyz", http.StatusServiceUnavailable); status != "stopping\n" {
		t.Errorf("while it drains it says %q", status)
	}
	if status, _, err := ask(t, p.url+"/api/v1/help"); err != nil || status != http.StatusOK {
		t.Errorf("while it drains a request gets %d, %v", status, err)
	}
	p.waitUntilClosed()
	if status, body, err := ask(t, private+"/readyz"); err != nil || status != 503 || body != "stopping\n" {
		t.Errorf("while a request is in flight the private door says %d %q, %v", status, body, err)
	}
	if _, body, err := ask(t, private+"/metrics"); err != nil || !strings.Contains(body, "\ngrupa_ready 0\n") {
		t.Errorf("metrics at the end: %v %.300s", err, body)
	}
	if _, err := io.WriteString(conn, "\r\n"+strings.Repeat(" ", 16)); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("it did not stop cleanly: %v: %s", err, p.log.text())
	}
	if _, _, err := ask(t, private+"/healthz"); err == nil {
		t.Error("the private door is still open")
	}
}

// until asks until the answer has that status, and gives its body. One that does not come is asked for anew.
func (p *process) until(t *testing.T, address string, status int) (body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		got, body, err := askWithin(t, time.Second, address)
		if err == nil && got == status {
			return body
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s never answers %d but %d %q, %v: %s", address, status, got, body, err, p.log.text())
		}
	}
}

func TestASecondSignalEndsItAtOnce(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start("--drain", "60s")
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.until(t, p.url+"/readyz", http.StatusServiceUnavailable)
	ended := make(chan error, 1)
	go func() { ended <- p.cmd.Wait() }()
	impatient := time.NewTicker(50 * time.Millisecond)
	defer impatient.Stop()
	for late := time.After(30 * time.Second); ; {
		select {
		case <-impatient.C:
			_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		case err := <-ended:
			if err == nil {
				t.Error("it passed for a clean stop")
			}
			return
		case <-late:
			t.Fatal("it waits on")
		}
	}
}

func TestNobodyIsSentToAProcessWhoseDatabaseDoesNotAnswer(t *testing.T) {
	t.Parallel()
	h := newHealth(t.Context(), storetest.New(t).DB)
	if h.unready() != "" || h.gone() != nil {
		t.Fatalf("a database that answers: %q, %v", h.unready(), h.gone())
	}
	now := time.Now()
	for name, c := range map[string]struct {
		look look
		word string
		gone bool
	}{
		"one bad look":                        {look{store.ErrStorage, now}, "database", false},
		"refusing for a while":                {look{store.ErrStorage, now.Add(-refusing - time.Second)}, "database", true},
		"silent for a moment: it may be busy": {look{errSilent, now.Add(-refusing - time.Second)}, "database", false},
		"silent for long":                     {look{errSilent, now.Add(-silent - time.Second)}, "database", true},
		"a look that does not come back":      {look{nil, now.Add(-silent - time.Second)}, "database", true},
		"back again":                          {look{nil, now}, "", false},
	} {
		h.last.Store(&c.look)
		if got := h.unready(); got != c.word {
			t.Errorf("%s: %q", name, got)
		}
		if got := h.gone(); (got != nil) != c.gone {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestALookSeesADatabaseThatIsGoneAndOneThatIsSilent(t *testing.T) {
	t.Parallel()
	closed := storetest.New(t)
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	if h := newHealth(t.Context(), closed.DB); h.unready() != "database" {
		t.Errorf("closed: %q", h.unready())
	}
	h := newHealth(t.Context(), storetest.New(t).DB)
	late, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	h.look(late)
	if last := h.last.Load(); last.err != errSilent || time.Since(last.good) > time.Minute {
		t.Errorf("silent: %+v", last)
	}
}

// A probe is asked without a secret, as often as anybody likes.
func TestProbesCostTheDatabaseNothing(t *testing.T) {
	t.Parallel()
	var units counter
	s := storetest.New(t)
	db, err := store.Open(t.Context(), store.Config{
		Database: s.Database, Sealing: clear{}, Now: time.Now, Log: (&program{err: io.Discard}).logger(), Meter: &units,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	h := newHealth(t.Context(), db)
	before := units.Load()
	if before == 0 {
		t.Fatal("the counter does not count")
	}
	for range 1000 {
		for _, probe := range []http.HandlerFunc{healthz, h.readyz} {
			w := httptest.NewRecorder()
			probe(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
			if w.Code != http.StatusOK {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
		}
	}
	if after := units.Load(); after != before {
		t.Errorf("%d units of work", after-before)
	}
}

// counter is a meter that counts units.
type counter struct{ atomic.Int64 }

func (c *counter) Unit(store.UnitKind, store.Outcome, time.Duration, time.Duration) { c.Add(1) }
func (c *counter) Commit(int, time.Duration, bool)                                  {}

// The state that metrics show counts what waits, and goes without when the database does.
func TestWhatWaitsIsShown(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	h := newHealth(t.Context(), s.DB)
	m := newMetrics("sqlite")
	m.registry.MustRegister(newState(s.DB, h))
	if err := s.ChainAudit(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		s.Do(account.Machine(), func(tx *store.Tx) error {
			tx.Audit("test", "")
			return nil
		})
	}
	want := map[string]string{
		"grupa_ready": "1", "grupa_read_only": "0", "grupa_audit_unchained_rows": "3", "grupa_outbox_waiting": "0",
		"grupa_outbox_oldest_seconds": "0", "grupa_outbox_failed": "0",
	}
	shown := exposed(t, m)
	for name, value := range want {
		if got := fmt.Sprint(shown[name]); got != "["+value+"]" {
			t.Errorf("%s is %s", name, got)
		}
	}
	h.last.Store(&look{store.ErrStorage, time.Now().Add(-time.Hour)})
	without := exposed(t, m)
	if fmt.Sprint(without["grupa_ready"]) != "[0]" || len(without["grupa_outbox_waiting"]) != 0 {
		t.Errorf("without the database: %v", without)
	}
}
