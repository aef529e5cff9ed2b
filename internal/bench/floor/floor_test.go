package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"grupa/internal/bench/rig"
)

// marked is the record that every peer is sent.
func marked(t *testing.T) *record {
	t.Helper()
	var r record
	if err := json.Unmarshal(rig.MarkedRecord(), &r); err != nil {
		t.Fatal(err)
	}
	return &r
}

// What is compared would differ if the floor screened other answers than the server.
func TestTheRecordSaysWhatTheFormSays(t *testing.T) {
	t.Parallel()
	var form struct {
		Answers []struct {
			LinkID  string   `json:"link_id"`
			Choices []string `json:"choices"`
			Boolean *bool    `json:"boolean"`
			Free    []slot   `json:"availability"`
		} `json:"answers"`
	}
	if err := json.Unmarshal(rig.MarkedForm(), &form); err != nil {
		t.Fatal(err)
	}
	r := marked(t)
	for _, a := range form.Answers {
		value := r.facts()(a.LinkID)
		switch {
		case !value.Known:
			t.Errorf("%s is unknown to the floor", a.LinkID)
		case a.Boolean != nil && value.Bool != *a.Boolean:
			t.Errorf("%s is %t", a.LinkID, value.Bool)
		case len(a.Free) > 0 && !cmp.Equal(r.Availability, a.Free):
			t.Errorf("%s: %v", a.LinkID, r.Availability)
		}
		if diff := cmp.Diff(a.Choices, value.Codes); len(a.Choices) > 0 && diff != "" {
			t.Errorf("%s: %s", a.LinkID, diff)
		}
	}
}

func TestARecordThatIsAnsweredIsStoredAndScreened(t *testing.T) {
	t.Parallel()
	table, err := openTable(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	table.serve(8)
	handler, err := newHandler(table)
	if err != nil {
		t.Fatal(err)
	}
	const clients = 32
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			answer := httptest.NewRecorder()
			body := strings.NewReader(string(rig.Unmark(rig.MarkedRecord())))
			handler.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/records", body))
			var out created
			if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil || answer.Code != http.StatusCreated {
				t.Errorf("%d %v: %s", answer.Code, err, answer.Body)
			}
			if len(out.Screening) < 10 || len(out.Screening[0].Reasons) == 0 {
				t.Errorf("screened for %d types", len(out.Screening))
			}
		})
	}
	all.Wait()
	var rows, words int
	row := table.db.QueryRowContext(t.Context(), "SELECT count(*), count(DISTINCT email) FROM intake")
	if err := row.Scan(&rows, &words); err != nil || rows != clients || words != clients {
		t.Errorf("%d rows, %d addresses: %v", rows, words, err)
	}
	if err := table.close(); err != nil {
		t.Error(err)
	}
}

func TestARecordThatIsNotAsItMustBeIsRefused(t *testing.T) {
	t.Parallel()
	table, err := openTable(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = table.close() })
	handler, err := newHandler(table)
	if err != nil {
		t.Fatal(err)
	}
	body := strings.Replace(string(rig.MarkedRecord()), `"since": "months"`, `"since": "yesterday"`, 1)
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/records", strings.NewReader(body)))
	if answer.Code != http.StatusUnprocessableEntity {
		t.Errorf("%d: %s", answer.Code, answer.Body)
	}
}

func TestASeededTableHasTheRows(t *testing.T) {
	t.Parallel()
	table, err := openTable(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = table.close() })
	if err := table.seed(t.Context(), 1234); err != nil {
		t.Fatal(err)
	}
	var rows int
	row := table.db.QueryRowContext(t.Context(), "SELECT count(*) FROM intake")
	if err := row.Scan(&rows); err != nil || rows != 1234 {
		t.Errorf("%d rows: %v", rows, err)
	}
}
