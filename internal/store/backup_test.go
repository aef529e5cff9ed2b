package store_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"grupa/calendar"
	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/seal"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// full makes a database with rows in every table, also such as the triggers would not take today.
func full(t *testing.T) *storetest.Store {
	t.Helper()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	leader, _ := s.Staff("b@example.org", account.Facilitator)
	g := s.Group(c, 3, leader.Person)
	plan(s, c, g)
	member := s.Apply(storetest.Filled("زهرا ‌رضایی"))
	s.Join(c, member, g)
	s.Do(member.Caller, func(tx *store.Tx) error {
		_, _, err := calendar.MakeFeed(tx, calendar.FeedDraft{})
		return err
	})
	s.Do(account.Anyone(), func(tx *store.Tx) error {
		tx.Audit("answer", "")
		return tx.Answer(store.Replay{Scope: "test", Key: "0123456789abcdef", Request: []byte("x")}, []byte("answer"))
	})
	lateOffers(s, c)
	noError(t, s.ChainAudit(t.Context()))
	odd := raw(t, s.Database)
	exec(t, odd, "INSERT INTO idempotency (key, request, response, created_at) VALUES (?, ?, ?, ?)",
		[]byte{0, 255}, []byte{}, []byte("'\x00\n"), int64(-1)<<62)
	return s
}

// plan has three sessions in a room, one of them moved, one cancelled.
func plan(s *storetest.Store, c account.Caller, g group.Group) {
	s.Do(c, func(tx *store.Tx) error {
		room, err := calendar.CreateRoom(tx, "Lipowa 4", 12)
		if err != nil {
			return err
		}
		start, err := calendar.ParseLocal("2026-10-06T18:00")
		if err != nil {
			return err
		}
		p, err := calendar.PlanSeries(tx, string(g.ID), calendar.SeriesDraft{
			Room: room.ID, Plan: calendar.Plan{Start: start, Zone: "Europe/Warsaw", Minutes: 90, Every: 1, Count: 3},
		})
		if err != nil {
			return err
		}
		start.Hour++
		if _, err := calendar.ChangeSession(tx, p.Sessions[0].ID, 1, calendar.Change{Start: &start}); err != nil {
			return err
		}
		_, err = calendar.ChangeSession(tx, p.Sessions[1].ID, 1, calendar.Change{Cancel: true})
		return err
	})
}

// lateOffers offers the one seat of a group eight times, one after another, and nobody answers. Whoever puts these rows
// in again in another order than they came has a trigger say that the seat is taken.
func lateOffers(s *storetest.Store, c account.Caller) {
	g := s.Group(c, 1)
	for range 8 {
		p := s.Apply(storetest.Filled("Somebody"))
		s.Admit(c, p, g.Type)
		s.Offer(c, p, g)
		s.Clock.Advance(25 * time.Hour)
	}
}

// config is that of a test database which is opened or restored beside the one of the test.
func config(t testing.TB, s *storetest.Store, database string) store.Config {
	t.Helper()
	keyring, err := seal.New(storetest.Key())
	noError(t, err)
	return store.Config{Database: database, Sealing: keyring, Now: s.Clock.Now, Log: slog.New(slog.DiscardHandler)}
}

func backup(t testing.TB, s *storetest.Store, recipients string) ([]byte, store.Manifest) {
	t.Helper()
	var b bytes.Buffer
	m, err := s.Backup(t.Context(), &b, recipients)
	noError(t, err)
	return b.Bytes(), m
}

// restored puts a backup into an empty place of an engine.
func restored(t testing.TB, s *storetest.Store, b []byte, e storetest.Engine) (database string) {
	t.Helper()
	database = storetest.Empty(t, e)
	_, err := store.Restore(t.Context(), config(t, s, database), bytes.NewReader(b), "")
	noError(t, err)
	return database
}

// content gives the rows of all tables as text, without what only says where the schema stands. It reads by itself, and
// knows nothing of how backups read.
func content(t testing.TB, db *sql.DB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, table := range storetest.Tables(t, db) {
		if table == "goose_db_version" {
			continue
		}
		rows, err := db.QueryContext(t.Context(), `SELECT * FROM "`+table+`"`)
		noError(t, err)
		columns, err := rows.Columns()
		noError(t, err)
		for rows.Next() {
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for n := range values {
				into[n] = &values[n]
			}
			noError(t, rows.Scan(into...))
			all[table] = append(all[table], rowText(columns, values))
		}
		noError(t, rows.Err())
		slices.Sort(all[table])
	}
	return all
}

// rowText is the same for both engines: a flag is a number, and columns may stand in any order.
func rowText(columns []string, values []any) string {
	var parts []string
	for n, v := range values {
		if flag, ok := v.(bool); ok {
			v = map[bool]int64{false: 0, true: 1}[flag]
		}
		parts = append(parts, fmt.Sprintf("%s=%T %q", columns[n], v, fmt.Sprint(v)))
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

func TestABackupOfEitherEngineRestoresIntoEitherRowByRow(t *testing.T) {
	t.Parallel()
	s := full(t)
	b, m := backup(t, s, "")
	want := content(t, raw(t, s.Database))
	for table, rows := range want {
		if len(rows) == 0 || m.Tables[table].Rows != int64(len(rows)) {
			t.Errorf("%s has %d rows, the manifest says %d", table, len(rows), m.Tables[table].Rows)
		}
	}
	for _, e := range []storetest.Engine{storetest.SQLite, storetest.PostgreSQL} {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			got := content(t, raw(t, restored(t, s, b, e)))
			equal(t, "tables", len(got), len(want))
			for table := range want {
				if !strings.HasPrefix(table, "audit") {
					equal(t, table, got[table], want[table])
				}
			}
		})
	}
}

// reopened opens a database as a server would.
func reopened(t *testing.T, s *storetest.Store, database string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), config(t, s, database))
	noError(t, err)
	t.Cleanup(func() { noError(t, db.Close()) })
	return db
}

func TestARestoredDatabaseGoesOnWhereItStood(t *testing.T) {
	t.Parallel()
	s := full(t)
	b, m := backup(t, s, "")
	trail := content(t, raw(t, s.Database))["audit"]
	for _, e := range []storetest.Engine{storetest.SQLite, storetest.PostgreSQL} {
		database := restored(t, s, b, e)
		ok, err := store.Migrated(t.Context(), database)
		if err != nil || !ok {
			t.Fatalf("%s: its schema is not this version's: %v", e, err)
		}
		after := *s // the same clock, another database
		after.DB, after.Database = reopened(t, s, database), database
		noError(t, after.Check(t.Context()))
		noError(t, after.Install(t.Context(), words.English, "Europe/Warsaw"))
		noError(t, after.LoadCatalogue(t.Context()))
		equal(t, "told in the trail", trailOf(t, raw(t, database), m.ID), []string{"backup.make", "backup.restore"})
		goesOn(t, &after)
		noError(t, after.ChainAudit(t.Context()))
		noError(t, after.Check(t.Context()))
		got := content(t, raw(t, database))["audit"]
		for _, row := range trail {
			if !slices.Contains(got, row) {
				t.Errorf("%s: the trail has lost %s", e, row)
			}
		}
	}
}

// goesOn lives on: numbers go on after the last ones, triggers judge again.
func goesOn(t *testing.T, s *storetest.Store) {
	t.Helper()
	var c account.Caller
	c, _ = s.Staff("new@example.org", account.Coordinator)
	g := s.Group(c, 1)
	s.Join(c, s.Apply(storetest.Filled("Somebody")), g)
	late := s.Apply(storetest.Filled("Somebody"))
	s.Admit(c, late, g.Type)
	err := s.Update(t.Context(), c, func(tx *store.Tx) error {
		_, err := group.MakeOffer(tx, late.Application, g.ID, tx.Now().Add(time.Hour))
		return err
	})
	isError(t, "an offer of a taken seat", err, group.ErrSeatTaken)
}

func trailOf(t *testing.T, db *sql.DB, record string) (actions []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT action FROM audit WHERE record = '"+record+"' ORDER BY seq")
	noError(t, err)
	for rows.Next() {
		var action string
		noError(t, rows.Scan(&action))
		actions = append(actions, action)
	}
	noError(t, rows.Err())
	return actions
}
