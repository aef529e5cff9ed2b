package rig

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// Get gives the status and the body of any address of the server. An error means that no answer, or not a whole one,
// came back. The secret is a token or a receipt code, or empty.
func (c *Client) Get(ctx context.Context, path, secret string) (status int, body []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+path, nil)
	if err != nil {
		return 0, nil, err
	}
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end, or given up
	body, err = io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil, fmt.Errorf("answer %d was cut short: %w", resp.StatusCode, err)
	}
	return resp.StatusCode, body, nil
}
