package api_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// exchange sends a request as raw octets and reads the answer while they are still being sent: a client of net/http
// may see its own broken pipe first.
func (s *service) exchange(request io.Reader) answer {
	s.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }() // the answer is all that counts
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		_, _ = io.Copy(conn, request) // the server may hang up on it, and shall
	}()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = conn.Close() // else the sender may wait
	<-sent
	return answer{s.t, resp.StatusCode, resp.Header, body}
}

// chunked is a POST of that many times the chunk, which never says how long it will be.
func chunked(path, chunk string, times int) io.Reader {
	head := "POST " + path + " HTTP/1.1\r\nHost: example.org\r\nContent-Type: application/json\r\n" +
		"Transfer-Encoding: chunked\r\n\r\n"
	piece := fmt.Sprintf("%x\r\n%s\r\n", len(chunk), chunk)
	return io.MultiReader(strings.NewReader(head), &repeated{text: piece, left: times}, strings.NewReader("0\r\n\r\n"))
}

// repeated gives a text again and again without holding it more than once.
type repeated struct {
	text string
	left int
	at   int
}

// Read implements io.Reader.
func (r *repeated) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.text[r.at:])
	if r.at += n; r.at == len(r.text) {
		r.at, r.left = 0, r.left-1
	}
	return n, nil
}

func TestABodyThatHidesItsLengthIsCutOff(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for name, size := range map[string]int{"100 KB": 100, "100 MB": 100 << 10} {
		a := s.exchange(chunked("/api/v1/applications", strings.Repeat(" ", 1<<10), size))
		if p := a.problem(413); p.Code != "too_large" || p.Detail == "" {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// net/http answers for a header that is too large, before any of ours is called: no problem document then.
func TestAHeaderOfAMegabyteIsRefused(t *testing.T) {
	t.Parallel()
	s := newService(t)
	small := served(t, s, configOf(t, s.Store), func(srv *http.Server) { srv.MaxHeaderBytes = 16 << 10 })
	head := "GET /api/v1/help HTTP/1.1\r\nHost: example.org\r\nX-Own: "
	value := &repeated{text: strings.Repeat("x", 1<<10), left: 1 << 10}
	a := small.exchange(io.MultiReader(strings.NewReader(head), value))
	a.is(http.StatusRequestHeaderFieldsTooLarge)
	if len(a.body) > 200 {
		t.Errorf("an answer of %d octets: %.200s", len(a.body), a.body)
	}
}
