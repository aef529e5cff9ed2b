package rig

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Wires sends requests that were written out before, over connections that stay open, and looks no further at an answer
// than it must to know its status and its end. Client and server share the machine: what a client costs is taken from
// what is measured. As many goroutines may use it at once as it has connections.
type Wires struct {
	address string
	free    chan *wire // nil: not opened yet
}

// wire is one connection.
type wire struct {
	net.Conn
	in   *bufio.Reader
	last time.Time // used
}

const (
	answerTime = time.Minute      // how long one answer may take
	freshTime  = 20 * time.Second // how long a connection may lie idle: servers close those that lie for long
)

// NewWires makes room for that many connections to a server. Each is opened when it is first needed.
func NewWires(server string, connections int) (*Wires, error) {
	address, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	w := &Wires{address.Host, make(chan *wire, connections)}
	for range connections {
		w.free <- nil
	}
	return w, nil
}

// fresh gives the connection, or another one for it unless it was used a moment ago.
func (w *Wires) fresh(old *wire) (*wire, error) {
	if old != nil && time.Since(old.last) < freshTime {
		return old, nil
	}
	if old != nil {
		_ = old.Close() // the server may have closed it
	}
	conn, err := net.Dial("tcp", w.address)
	if err != nil {
		return nil, err
	}
	return &wire{conn, bufio.NewReaderSize(conn, 64<<10), time.Now()}, nil
}

// Close closes the connections. None may be in use.
func (w *Wires) Close() error {
	var errs []error
	for len(w.free) > 0 {
		if one := <-w.free; one != nil {
			errs = append(errs, one.Close())
		}
	}
	return errors.Join(errs...)
}

// Request writes out a request once, to be sent again and again. A body may be nil.
func (w *Wires) Request(method, path string, headers map[string]string, body []byte) ([]byte, error) {
	r, err := http.NewRequest(method, "http://"+w.address+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "rig")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	var raw bytes.Buffer
	err = r.Write(&raw)
	return raw.Bytes(), err
}

// Send sends a request and reads the answer to its end. Another status than the one that is wanted is an *Answered.
func (w *Wires) Send(ctx context.Context, request []byte, want int) error {
	var one *wire
	select {
	case one = <-w.free:
	case <-ctx.Done():
		return ctx.Err()
	}
	one, err := w.fresh(one)
	if err != nil {
		w.free <- nil
		return err
	}
	status, body, err := one.exchange(request, want)
	if err != nil {
		w.free <- nil
		return errors.Join(err, one.Close())
	}
	one.last = time.Now()
	w.free <- one
	if status != want {
		return &Answered{status, body}
	}
	return nil
}

// exchange keeps the body of an answer only if its status is not the one that is wanted.
func (w *wire) exchange(request []byte, want int) (status int, body string, err error) {
	if err := w.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return 0, "", err
	}
	if _, err := w.Write(request); err != nil {
		return 0, "", err
	}
	head, err := w.head()
	if err != nil {
		return 0, "", err
	}
	if head.status == want {
		return want, "", w.body(head, io.Discard)
	}
	var kept strings.Builder
	err = w.body(head, &kept)
	return head.status, kept.String(), err
}

// head is what tells where an answer ends.
type head struct {
	status  int
	length  int64
	chunked bool
}

func (w *wire) head() (h head, err error) {
	line, err := w.in.ReadSlice('\n')
	if err != nil {
		return h, err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return h, fmt.Errorf("not an answer: %q", line)
	}
	if h.status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return h, err
	}
	for {
		line, err := w.in.ReadSlice('\n')
		if err != nil {
			return h, err
		}
		if len(line) <= 2 {
			if h.status == http.StatusNotModified || h.status == http.StatusNoContent {
				h.length = 0 // whatever it says of the body that it leaves out
			}
			return h, nil
		}
		name, value, _ := bytes.Cut(bytes.TrimSpace(line), []byte(": "))
		switch {
		case len(name) == len("Content-Length") && bytes.EqualFold(name, []byte("Content-Length")):
			if h.length, err = strconv.ParseInt(string(value), 10, 64); err != nil {
				return h, err
			}
		case len(name) == len("Transfer-Encoding") && bytes.EqualFold(name, []byte("Transfer-Encoding")):
			h.chunked = true
		}
	}
}

func (w *wire) body(h head, into io.Writer) error {
	if !h.chunked {
		_, err := io.CopyN(into, w.in, h.length)
		return err
	}
	if _, err := io.Copy(into, httputil.NewChunkedReader(w.in)); err != nil {
		return err
	}
	end, err := w.in.ReadSlice('\n') // of the trailers, of which there are none
	if err != nil || len(bytes.TrimSpace(end)) > 0 {
		return fmt.Errorf("after the last chunk: %q: %w", end, err)
	}
	return nil
}
