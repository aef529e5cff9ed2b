package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

// trail makes a database with so many audit rows more, chained in two passes.
func trail(t *testing.T, rows int, options ...storetest.Options) *storetest.Store {
	t.Helper()
	s := storetest.New(t, options...)
	for range 2 {
		s.Do(account.Machine(), func(tx *store.Tx) error {
			for n := range rows / 2 {
				tx.Audit("step", fmt.Sprint(n))
			}
			return nil
		})
		noError(t, s.ChainAudit(t.Context()))
	}
	noError(t, s.Check(t.Context()))
	return s
}

func TestAnyChangeOfTheAuditTrailIsFound(t *testing.T) {
	t.Parallel()
	for what, query := range map[string]string{
		"when":           "UPDATE audit SET at = at + 1 WHERE seq = 7",
		"what":           "UPDATE audit SET action = 'stop' WHERE seq = 7",
		"one bit":        "UPDATE audit SET action = 'stdp' WHERE seq = 7",
		"which":          "UPDATE audit SET record = record || '0' WHERE seq = 7",
		"outcome":        "UPDATE audit SET outcome = 'refused' WHERE seq = 7",
		"kind of caller": "UPDATE audit SET caller = 'staff' WHERE seq = 7",
		"who":            "UPDATE audit SET person_id = 'P' WHERE seq = 7",
		"parts shifted":  "UPDATE audit SET action = 'ste', record = 'p' || record WHERE seq = 7",
		"a row deleted":  "DELETE FROM audit WHERE seq = 7",
		"first deleted":  "DELETE FROM audit WHERE seq = 1",
		"last deleted":   "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
		"all deleted":    "DELETE FROM audit",
		"two exchanged":  "UPDATE audit SET record = CASE seq WHEN 7 THEN '5' ELSE '4' END WHERE seq IN (7, 8)",
		"link deleted":   "DELETE FROM audit_chain WHERE seq = 7",
		"link changed":   "UPDATE audit_chain SET hash = (SELECT hash FROM audit_chain WHERE seq = 8) WHERE seq = 7",
		"row and link":   "DELETE FROM audit WHERE seq = 7; DELETE FROM audit_chain WHERE seq = 7",
		"unchained deleted": `INSERT INTO audit VALUES (99, 0, 'system', NULL, 'step', '', 'done');
			DELETE FROM audit WHERE seq = 99`,
		"a row slipped in": "INSERT INTO audit VALUES (-1, 0, 'system', NULL, 'step', '', 'done')",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := trail(t, 10)
			if what == "unchained deleted" {
				s = trail(t, 10, onSQLite) // PostgreSQL leaves gaps by itself: what is not chained yet is not missed there
			}
			db := raw(t, s.Database)
			before := dump(t, db)
			if store.IsPostgres(s.Database) {
				query = "SET session_replication_role = replica; " + query // past the references, as SQLite is without its setting
			}
			exec(t, db, query)
			if dump(t, db) == before && what != "unchained deleted" {
				t.Fatal("the test changed nothing")
			}
			if err := s.Check(t.Context()); !errors.Is(err, store.ErrAuditBroken) {
				t.Errorf("check: %v", err)
			}
		})
	}
}

func dump(t *testing.T, db *sql.DB) string {
	t.Helper()
	return allText(t, db, "audit", "audit_chain")
}

func TestALongTrailIsChainedInOrderAndChecksWhole(t *testing.T) {
	t.Parallel()
	s := trail(t, 11000) // more than one pass takes, and many times what Check reads at once
	db := raw(t, s.Database)
	waiting := "SELECT count(*) FROM audit WHERE seq > (SELECT max(seq) FROM audit_chain)"
	if n := number(t, db, waiting); n == 0 {
		t.Fatal("two passes took everything: the test shows nothing")
	}
	noError(t, s.ChainAudit(t.Context()))
	equal(t, "rows that wait", number(t, db, waiting), 0)
	noError(t, s.Check(t.Context()))
	exec(t, db, "UPDATE audit SET person_id = '' WHERE seq = 9001")
	exec(t, db, "UPDATE audit SET record = 'x' WHERE seq = 10001")
	if err := s.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "10001") {
		t.Errorf("check: %v", err)
	}
}

func TestChainingWhenThereIsNothingNewWritesNothing(t *testing.T) {
	t.Parallel()
	s := trail(t, 10)
	before := dump(t, raw(t, s.Database))
	noError(t, s.ChainAudit(t.Context()))
	equal(t, "trail", dump(t, raw(t, s.Database)), before)
}

func TestTheTrailSaysWhoDidWhatAndWhatWasRefused(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	s.Do(c, func(tx *store.Tx) error {
		tx.Audit("room.create", "R")
		tx.Refused("call", "GET /x")
		return nil
	})
	var got []string
	rows, err := raw(t, s.Database).Query(
		"SELECT at, caller, person_id, action, record, outcome FROM audit ORDER BY seq DESC LIMIT 2")
	noError(t, err)
	for rows.Next() {
		var at int64
		var caller, person, action, record, outcome string
		noError(t, rows.Scan(&at, &caller, &person, &action, &record, &outcome))
		got = append(got, fmt.Sprint(at-storetest.Epoch.Unix(), caller, person == string(c.Person), action, record, outcome))
	}
	noError(t, rows.Err())
	equal(t, "rows", got, []string{
		fmt.Sprint(0, "staff", true, "call", "GET /x", "refused"), fmt.Sprint(0, "staff", true, "room.create", "R", "done"),
	})
}

func TestARefusalOfTheDatabaseStaysWithTheLog(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	err := s.Update(t.Context(), account.Machine(), func(tx *store.Tx) error {
		tx.Audit("x", "")
		return tx.GrantRole("nobody", account.Grant{Programme: "none", Role: account.Coordinator})
	})
	equal(t, "kind", fault.KindOf(err), fault.Internal)
}
