package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"time"

	"grupa/internal/bench/rig"
)

// proxy is Toxiproxy between the server and PostgreSQL. It dies with the context that it was started with.
type proxy struct {
	cmd     *exec.Cmd
	api     string
	address string // that the server connects to
}

// newProxy starts one in front of an address. Whoever makes one closes it.
func newProxy(ctx context.Context, bench *rig.Bench, upstream string) (*proxy, error) {
	if err := bench.Build(ctx, rig.Toxiproxy); err != nil {
		return nil, err
	}
	api, err := freeAddress()
	if err != nil {
		return nil, err
	}
	host, port, _ := net.SplitHostPort(api)
	p := &proxy{api: "http://" + api}
	p.cmd = exec.CommandContext(ctx, bench.Binary(rig.Toxiproxy), "-host", host, "-port", port)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	late := time.Now().Add(tooLong)
	for {
		var made struct{ Listen string }
		err := p.tell(ctx, http.MethodPost, "/proxies", map[string]any{
			"name": "postgres", "listen": "127.0.0.1:0", "upstream": upstream, "enabled": true,
		}, &made)
		if err == nil {
			p.address = made.Listen
			return p, nil
		}
		if time.Now().After(late) {
			return nil, errors.Join(err, p.close())
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), p.close())
		}
	}
}

// freeAddress was free a moment ago.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func (p *proxy) close() error {
	_ = p.cmd.Process.Kill() // it may have ended
	_ = p.cmd.Wait()         // by the kill
	return nil
}

// through is the URL of a database by way of the proxy.
func (p *proxy) through(database string) (string, error) {
	u, err := url.Parse(database)
	if err != nil {
		return "", err
	}
	u.Host = p.address
	return u.String(), nil
}

// refuse cuts every connection and takes none, or takes them again.
func (p *proxy) refuse(ctx context.Context, yes bool) error {
	return p.tell(ctx, http.MethodPost, "/proxies/postgres", map[string]any{"enabled": !yes}, nil)
}

// silence lets nothing through in either direction any more while the connections stay, or cuts those and ends that.
func (p *proxy) silence(ctx context.Context, yes bool) (err error) {
	for _, stream := range []string{"upstream", "downstream"} {
		if yes {
			err = errors.Join(err, p.tell(ctx, http.MethodPost, "/proxies/postgres/toxics", map[string]any{
				"name": stream, "type": "timeout", "stream": stream, "attributes": map[string]int{"timeout": 0},
			}, nil))
		} else {
			err = errors.Join(err, p.tell(ctx, http.MethodDelete, "/proxies/postgres/toxics/"+stream, nil, nil))
		}
	}
	return err
}

func (p *proxy) tell(ctx context.Context, method, path string, body, into any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, method, p.api+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end, or given up
	said, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 300 {
		err = fmt.Errorf("toxiproxy: %s: %s", resp.Status, said)
	}
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(said, into)
}
