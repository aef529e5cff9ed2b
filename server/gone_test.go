package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"grupa/api"
	"grupa/internal/account"
	"grupa/internal/store/pgrun"
	"grupa/internal/words"
)

// tries is how often somebody asks a server whose database is gone.
const tries = 1000

// ownPostgres starts a server of PostgreSQL for this test alone, with an empty database in it.
func ownPostgres(t *testing.T, o pgrun.Options) *pgrun.Server {
	t.Helper()
	server, err := pgrun.Start(t.Context(), o)
	if errors.Is(err, pgrun.ErrNotFound) {
		skip(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	if err := server.Create(t.Context(), "grupa"); err != nil {
		t.Fatal(err)
	}
	return server
}

func TestHelpIsShownWhileTheDatabaseIsGone(t *testing.T) {
	t.Parallel()
	server := ownPostgres(t, pgrun.Options{TCP: true})
	p := onPostgres(t, server.URL("grupa"), "keys/grupa.key", 1)[0]
	p.start("--metrics-listen", "127.0.0.1:0")
	_, token := p.staff("coordinator@example.org", "coordinator")
	l := &life{t: t, url: p.url}
	l.do("GET", "/api/v1/groups", token, nil, &api.GroupList{})
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	slowest := askWithout(t, p, token)
	t.Logf("the slowest of %d answers took %s", tries, slowest)
	if slowest > time.Second {
		t.Errorf("an answer took %s", slowest)
	}
	if body := p.until(t, p.url+"/readyz", http.StatusServiceUnavailable); body != "database\n" {
		t.Errorf("it is not ready because of %q", body)
	}
	if status, _, err := ask(t, p.url+"/healthz"); err != nil || status != http.StatusOK {
		t.Errorf("the process lives, and says %d, %v", status, err)
	}
	if _, text, err := ask(t, p.private()+"/metrics"); err != nil || !strings.Contains(text, "\ngrupa_ready 0\n") {
		t.Errorf("metrics: %v %.200s", err, text)
	}
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.comesBack(token)
	p.stop()
	if u, err := url.Parse(server.URL("grupa")); err != nil || strings.Contains(p.log.text(), password(u)) {
		t.Errorf("the log has the password of the database, %v", err)
	}
}

func password(u *url.URL) string {
	p, _ := u.User.Password()
	return p
}

// comesBack waits until the server has found its database again.
func (p *process) comesBack(token string) {
	p.t.Helper()
	start := time.Now()
	p.until(p.t, p.url+"/readyz", http.StatusOK)
	if took := time.Since(start); took > 5*time.Second {
		p.t.Errorf("it came back only after %s", took)
	}
	l := &life{t: p.t, url: p.url}
	l.do("GET", "/api/v1/groups", token, nil, &api.GroupList{})
}

// A network that swallows everything is worse than a server that refuses: whoever asks would wait for a time-out.
func TestNobodyWaitsForADatabaseThatHasBeenSilentForLong(t *testing.T) {
	t.Parallel()
	server := ownPostgres(t, pgrun.Options{TCP: true})
	line := newLine(t, server.Address())
	u, err := url.Parse(server.URL("grupa"))
	if err != nil {
		t.Fatal(err)
	}
	u.Host = line.listener.Addr().String()
	p := onPostgres(t, u.String(), "keys/grupa.key", 1)[0]
	p.start()
	_, token := p.staff("coordinator@example.org", "coordinator")
	line.cut.Store(true)
	p.until(t, p.url+"/readyz", http.StatusServiceUnavailable)
	// From the moment that it is given up on, each answer comes at once.
	p.until(t, p.url+"/api/v1/group-types", http.StatusServiceUnavailable)
	if slowest := askWithout(t, p, token); slowest > time.Second {
		t.Errorf("an answer took %s", slowest)
	}
	line.cut.Store(false)
	p.comesBack(token)
	p.stop()
}

// line is a line to a server that can be cut: then it takes everything, and brings nothing.
type line struct {
	listener net.Listener
	cut      atomic.Bool
}

func newLine(t *testing.T, to string) *line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	l := &line{listener: listener}
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to)
			if err != nil {
				_ = near.Close()
				continue
			}
			go l.carry(near, far)
			go l.carry(far, near)
		}
	}()
	return l
}

func (l *line) carry(from, to net.Conn) {
	defer func() { _, _ = from.Close(), to.Close() }()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if !l.cut.Load() {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// askWithout asks all sorts of things of a server without its database, and holds each answer to carry help in the
// language of whoever asks. It gives the longest that anybody waited.
func askWithout(t *testing.T, p *process, token string) (slowest time.Duration) {
	t.Helper()
	languages := words.Languages()
	for n := range tries {
		method, path, auth := asked(n, token)
		lang := string(languages[n%len(languages)])
		r, err := http.NewRequestWithContext(t.Context(), method, p.url+path, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Language", lang)
		r.Header.Set("Content-Type", "application/json")
		if auth != "" {
			r.Header.Set("Authorization", "Bearer "+auth)
		}
		start := time.Now()
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := helped(resp, path, lang); err != nil {
			t.Errorf("%s %s: %v", method, path, err)
		}
		slowest = max(slowest, time.Since(start))
	}
	return slowest
}

// asked is what the n-th asker asks.
func asked(n int, token string) (method, path, auth string) {
	const receipt = "0123-4567-89AB-CDEF-GHJK-MNPQ"
	feed := account.NewToken(account.FeedPrefix)
	switch n % 6 {
	case 0:
		return "GET", "/api/v1/help", ""
	case 1:
		return "GET", "/api/v1/group-types", ""
	case 2:
		return "GET", "/api/v1/applications", token
	case 3:
		return "GET", "/api/v1/me", receipt
	case 4:
		return "POST", "/api/v1/me/withdraw", receipt
	}
	return "GET", "/calendar/" + feed + "/calendar.ics", ""
}

// helped says what is wrong with an answer that is given without the database.
func helped(resp *http.Response, path, lang string) error {
	defer func() { _ = resp.Body.Close() }() // read as far as needed
	var problem api.Problem
	into, status := any(&problem), http.StatusServiceUnavailable
	if path == "/api/v1/help" {
		into, status = &problem.Help, http.StatusOK
	}
	if resp.StatusCode != status {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		return err
	}
	help := problem.Help
	switch {
	case len(help.Contacts) == 0 || help.Contacts[0].Phone == "" || help.Language != lang:
		return fmt.Errorf("help of %d contacts in %q", len(help.Contacts), help.Language)
	case status == http.StatusServiceUnavailable && (resp.Header.Get("Retry-After") == "" || problem.Code != "storage"):
		return fmt.Errorf("code %s, Retry-After %q", problem.Code, resp.Header.Get("Retry-After"))
	}
	return nil
}
