package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"grupa/group"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store"
)

// seats gives seats away as one would who has never seen two people want the same one.
type seats struct {
	db    *store.DB
	reads *sql.DB
	query string
}

// thinking is how long it takes from the look to the offer, as over a network.
const thinking = 10 * time.Millisecond

// newSeats takes away what counts seats. It can't be put back: the database is of no use to the server any more.
func newSeats(ctx context.Context, database string, db *store.DB) (*seats, error) {
	s := &seats{db: db}
	driver, address, drop := "pgx", database, "DROP TRIGGER IF EXISTS offer_takes_seat ON offer"
	if !store.IsPostgres(database) {
		file := url.URL{Scheme: "file", Opaque: database, RawQuery: url.Values{"_busy_timeout": {"10000"}}.Encode()}
		driver, address, drop = "sqlite3", file.String(), "DROP TRIGGER IF EXISTS offer_takes_seat"
	}
	var err error
	if s.reads, err = sql.Open(driver, address); err != nil {
		return nil, err
	}
	s.reads.SetMaxOpenConns(8)
	if _, err := s.reads.ExecContext(ctx, drop); err != nil {
		return nil, errors.Join(err, s.reads.Close())
	}
	s.query = `SELECT capacity - (SELECT count(*) FROM offer WHERE group_id = care_group.id AND state = 'held')
		FROM care_group WHERE id = $1`
	return s, nil
}

func (s *seats) close() { _ = s.reads.Close() } // it only read

// ServeHTTP looks whether there is a seat, and then offers it.
func (s *seats) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Group   group.ID  `json:"group_id"`
		Expires time.Time `json:"expires_at"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var free int
	if err := s.reads.QueryRowContext(r.Context(), s.query, string(in.Group)).Scan(&free); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if free <= 0 {
		w.WriteHeader(http.StatusConflict)
		_, _ = fmt.Fprint(w, `{"code":"seat_taken"}`) // a client that is gone misses its answer
		return
	}
	select {
	case <-time.After(thinking):
	case <-r.Context().Done():
		return
	}
	offer, err := s.offer(r, in.Group, in.Expires)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]string{"id": string(offer.ID)}) // the same
}

func (s *seats) offer(r *http.Request, id group.ID, expires time.Time) (o group.Offer, err error) {
	var caller account.Caller
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	err = s.db.View(r.Context(), account.Machine(), func(tx *store.Tx) (err error) {
		caller, err = tx.CallerByToken(account.HashOf(token))
		return err
	})
	if err != nil {
		return o, err
	}
	err = s.db.Update(r.Context(), caller, func(tx *store.Tx) (err error) {
		o, err = group.MakeOffer(tx, intake.ApplicationID(r.PathValue("id")), id, expires)
		return err
	})
	return o, err
}
