package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// Answer is a whole answer of the server, whatever it says.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Call sends anything, with a body of JSON unless that is nil. The secret is a token or a receipt code, or empty. An
// error means that no answer, or not a whole one, came back.
func (c *Client) Call(
	ctx context.Context, method, path, secret string, headers map[string]string, body any,
) (a Answer, err error) {
	var sent io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return a, err
		}
		sent = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.url+path, sent)
	if err != nil {
		return a, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return a, err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end, or given up
	a.Status, a.Header = resp.StatusCode, resp.Header
	if a.Body, err = io.ReadAll(resp.Body); err != nil {
		return a, fmt.Errorf("answer %d was cut short: %w", a.Status, err)
	}
	return a, nil
}
