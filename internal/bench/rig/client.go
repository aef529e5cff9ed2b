package rig

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
)

// form is a form filled by a grown-up, with a mark where each applicant differs.
//
//go:embed form.json
var form string

// record is the same as flat as peers take it: 26 scalars and two fields of JSON.
//
//go:embed record.json
var record []byte

// mark stands where each applicant differs, as long as what is put there.
const mark = "THE-MARK-OF-THIS-APPLICANT"

// Form is a filled form of an applicant of its own.
func Form() []byte { return Unmark([]byte(form)) }

// MarkedForm is a filled form that Unmark makes one of an applicant of its own.
func MarkedForm() []byte { return []byte(form) }

// MarkedRecord is the same, as flat as PocketBase and the floor take it.
func MarkedRecord() []byte { return slices.Clone(record) }

// Unmark gives a copy, of the same length, of a text that holds a marked form or record.
func Unmark(marked []byte) []byte {
	return bytes.ReplaceAll(marked, []byte(mark), bytes.ToLower([]byte(rand.Text())))
}

// Receipt is what a server acknowledged a submission with.
type Receipt struct {
	ID   string `json:"id"`
	Code string `json:"receipt_code"`
}

// Answered is a server's answer other than the one that was asked for. Every other error of a Client means that no
// answer, or not a whole one, came back.
type Answered struct {
	Status int
	Body   string
}

func (e *Answered) Error() string { return fmt.Sprintf("status %d: %s", e.Status, e.Body) }

// Client speaks to one server. Many goroutines may use it at once.
type Client struct {
	url  string
	http *http.Client
}

// NewClient keeps a connection open for each of that many goroutines.
func NewClient(url string, goroutines int) *Client {
	return &Client{url, &http.Client{Transport: &http.Transport{
		MaxIdleConns: goroutines, MaxIdleConnsPerHost: goroutines, DisableCompression: true,
	}}}
}

// Close closes the connections that nobody uses.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Submit sends a filled form, under an idempotency key unless that is empty. The receipt was acknowledged: it was read
// to its end after a 201.
func (c *Client) Submit(ctx context.Context, key string, form []byte) (r Receipt, err error) {
	headers := map[string]string{"Content-Type": "application/json"}
	if key != "" {
		headers["Idempotency-Key"] = key
	}
	err = c.do(ctx, http.MethodPost, "/api/v1/applications", headers, form, http.StatusCreated, &r)
	return r, err
}

// Me gives the id of the application that a receipt opens.
func (c *Client) Me(ctx context.Context, receipt string) (string, error) {
	var me struct {
		ID string `json:"application_id"`
	}
	err := c.do(ctx, http.MethodGet, "/api/v1/me", bearer(receipt), nil, http.StatusOK, &me)
	return me.ID, err
}

// Applications gives the id of every application that the owner of an API token may see.
func (c *Client) Applications(ctx context.Context, token string) (ids []string, err error) {
	cursor := ""
	for {
		var page struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
			Next string `json:"next_cursor"`
		}
		path := "/api/v1/applications?limit=100" + cursor
		if err := c.do(ctx, http.MethodGet, path, bearer(token), nil, http.StatusOK, &page); err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			ids = append(ids, item.ID)
		}
		if page.Next == "" {
			return ids, nil
		}
		cursor = "&cursor=" + page.Next
	}
}

func bearer(secret string) map[string]string {
	return map[string]string{"Authorization": "Bearer " + secret}
}

func (c *Client) do(
	ctx context.Context, method, path string, headers map[string]string, body []byte, want int, into any,
) error {
	r, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end, or given up
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != want {
		return &Answered{resp.StatusCode, string(raw)}
	}
	return json.Unmarshal(raw, into)
}
