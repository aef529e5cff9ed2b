package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// dial opens a connection to the server and sends what is given.
func (p *process) dial(text string) net.Conn {
	p.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, text); err != nil {
		p.t.Fatal(err)
	}
	return conn
}

func TestARequestInFlightIsAnsweredWhenTheServerIsToldToStop(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start()
	const body = `{"form": "intake"}`
	// The server has the head of the request, and with "100 Continue" says that it reads the body.
	conn := p.dial("POST /api/v1/applications HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
		"Content-Length: 18\r\nExpect: 100-continue\r\n\r\n")
	answers := bufio.NewReader(conn)
	if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q, %v", line, err)
	}
	if _, err := answers.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.waitUntilClosed()
	if _, err := io.WriteString(conn, body); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(answers, nil)
	if err != nil {
		t.Fatalf("the request was dropped: %v", err)
	}
	_ = resp.Body.Close() // the status says that it was read and answered
	if resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("status %d", resp.StatusCode)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("it did not stop cleanly: %v: %s", err, p.log.text())
	}
}

// waitUntilClosed returns when the server takes no new connection: it has begun to stop.
func (p *process) waitUntilClosed() {
	p.t.Helper()
	for {
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
		if err != nil {
			return
		}
		_ = conn.Close()
		if err := p.t.Context().Err(); err != nil {
			p.t.Fatal(err)
		}
	}
}

func TestASlowClientIsCutOff(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start()
	for what, c := range map[string]struct {
		sends string
		most  time.Duration
	}{
		"a head that never ends": {"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ", 12 * time.Second},
		"a body that never ends": {"POST /api/v1/applications HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
			"Content-Length: 1000\r\n\r\n{", 30 * time.Second},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			conn := p.dial(c.sends)
			if err := conn.SetReadDeadline(time.Now().Add(c.most)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, conn); err != nil && strings.Contains(err.Error(), "i/o timeout") {
				t.Errorf("after %s the server still waits", c.most)
			}
		})
	}
}

func TestAllFourTimeoutsAreSet(t *testing.T) {
	t.Parallel()
	srv := httpServer(http.NotFoundHandler(), (&program{err: io.Discard}).logger())
	for name, d := range map[string]time.Duration{
		"header": srv.ReadHeaderTimeout, "read": srv.ReadTimeout, "write": srv.WriteTimeout, "idle": srv.IdleTimeout,
	} {
		if d <= 0 || d > time.Minute {
			t.Errorf("%s: %s", name, d)
		}
	}
	if srv.MaxHeaderBytes != 16<<10 {
		t.Errorf("heads of %d octets", srv.MaxHeaderBytes)
	}
}

func TestAHugeHeadIsRefused(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start()
	conn := p.dial("GET /healthz HTTP/1.1\r\nHost: x\r\n")
	_, _ = io.WriteString(conn, "X-Large: "+strings.Repeat("a", 1<<20)+"\r\n\r\n") // it may be cut off on the way
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return // cut off without a word is as good
	}
	_ = resp.Body.Close() // the status is what counts
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d", resp.StatusCode)
	}
}
