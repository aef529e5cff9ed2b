package store_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"grupa/internal/store"
	"grupa/internal/store/pgrun"
)

// A group G with one seat, three applicants, and two sessions.
const smallWorld = `
	INSERT INTO programme VALUES ('P', '', 'en', 0);
	INSERT INTO person SELECT n, 'P' || n, 'P', '', 'en', 'UTC', '', 0 FROM generate_series(1, 4) n;
	INSERT INTO staff VALUES ('P4', '', NULL, 0);
	INSERT INTO form VALUES ('f', 1, '', 0);
	INSERT INTO application SELECT n, 'A' || n, 'P', 'P' || n, 'R' || n, convert_to('R' || n, 'UTF8'), 'f', 1, 'en',
		'eligible', 'none', '', 1, 0, 0 FROM generate_series(1, 3) n;
	INSERT INTO group_type VALUES ('t', 1, '', 0);
	INSERT INTO care_group VALUES ('G', 'P', 't', 1, '', 'en', 'online', 'open', 1, 1, 'running', 1, 0, 0);
	INSERT INTO series VALUES ('S', 'G', '', 'UTC', 60, 1, 2, NULL, '', 0);
	INSERT INTO session SELECT 'S' || n, 'G', 'S', n, '', 'UTC', 60, n * 1000, n * 1000 + 100, NULL, 'planned', 0, 1, 0, 0
		FROM generate_series(1, 2) n;`

const (
	offerOne   = `INSERT INTO offer VALUES ('O1', 'G', 'A1', 'held', 'P4', 10, 1000, NULL)`
	offerTwo   = `INSERT INTO offer VALUES ('O2', 'G', 'A2', 'held', 'P4', 10, 1000, NULL)`
	offerAgain = `INSERT INTO offer VALUES ('O4', 'G', 'A3', 'held', 'P4', 10, 1000, NULL)`
	// An offer that was accepted, so that a membership can refer to it.
	accepted = `INSERT INTO offer VALUES ('O3', 'G', 'A3', 'accepted', 'P4', 10, 1000, 20);`
	enrol    = `INSERT INTO membership VALUES ('M3', 'G', 'P3', 'A3', 'O3', 'enrolled', '2026-10-01', NULL, 10, 10)`
	left     = accepted + `INSERT INTO membership
		VALUES ('M3', 'G', 'P3', 'A3', 'O3', 'left', '2026-10-01', NULL, 10, 10);`
	comeBack = `UPDATE membership SET state = 'active', updated_at = 20 WHERE id = 'M3'`
	twoSeats = `UPDATE care_group SET capacity = 2;`
	oneSeat  = `UPDATE care_group SET capacity = 1, updated_at = 20`
	bookOne  = `INSERT INTO booking VALUES ('S1', 'room', 'R', 100, 200)`
	bookTwo  = `INSERT INTO booking VALUES ('S2', 'room', 'R', 150, 250)`
	bookFree = `INSERT INTO booking VALUES ('S2', 'room', 'R', 900, 950);`
	moveTwo  = `UPDATE booking SET busy_from = 150, busy_until = 250 WHERE session_id = 'S2'`
	accept   = `UPDATE offer SET state = 'accepted', answered_at = 20 WHERE id = 'O1'`
	withdraw = `UPDATE offer SET state = 'withdrawn', answered_at = 20 WHERE id = 'O1'`
)

func TestTwoUnitsAtOnceCannotBothTakeTheLastOnPostgreSQL(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, first, second, word string }{
		"offer after offer":             {"", offerOne, offerTwo, "seat_taken"},
		"membership after offer":        {accepted, offerOne, enrol, "seat_taken"},
		"offer after membership":        {accepted, enrol, offerOne, "seat_taken"},
		"offer after a return":          {left, comeBack, offerOne, "seat_taken"},
		"return after offer":            {left, offerOne, comeBack, "seat_taken"},
		"offer after fewer seats":       {twoSeats + offerOne + ";", oneSeat, offerTwo, "seat_taken"},
		"fewer seats after offer":       {twoSeats + offerOne + ";", offerTwo, oneSeat, "capacity_below_taken"},
		"booking after booking":         {"", bookOne, bookTwo, "clash"},
		"booking moved after booking":   {bookFree, bookOne, moveTwo, "clash"},
		"booking after moved booking":   {bookFree, moveTwo, bookOne, "clash"},
		"withdrawn after accepted":      {offerOne + ";", accept, withdraw, "offer_over"},
		"accepted after withdrawn":      {offerOne + ";", withdraw, accept, "offer_over"},
		"offer to a member of a moment": {twoSeats + accepted, enrol, offerAgain, "already_member"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := filled(t, c.before)
			first, second := begun(t, database), begun(t, database)
			must(t, first, c.first)
			answer := behind(t, first, second, c.second)
			noError(t, first.Commit(t.Context()))
			refusal, ok := errors.AsType[*pgconn.PgError](<-answer)
			if !ok || refusal.Message != c.word || refusal.Code != "P0001" {
				t.Errorf("the second got %v, want %s", refusal, c.word)
			}
		})
	}
}

func TestWhatIsUndoneIsFreeForTheNextOnPostgreSQL(t *testing.T) {
	t.Parallel()
	for name, c := range map[string][2]string{"seat": {offerOne, offerTwo}, "room": {bookOne, bookTwo}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := filled(t, "")
			first, second := begun(t, database), begun(t, database)
			must(t, first, c[0])
			answer := behind(t, first, second, c[1])
			noError(t, first.Rollback(t.Context()))
			noError(t, <-answer)
			noError(t, second.Commit(t.Context()))
		})
	}
}

func TestTheChainWaitsForEveryNumberThatIsDrawnOnPostgreSQL(t *testing.T) {
	t.Parallel()
	const row = `INSERT INTO audit (at, caller, action, record, outcome) VALUES (0, 'machine', 'test', '', 'done')`
	database := filled(t, "")
	slow, quick, job := begun(t, database), begun(t, database), begun(t, database)
	must(t, slow, row)
	must(t, quick, row) // writers don't wait for each other
	noError(t, quick.Commit(t.Context()))
	answer := behind(t, slow, job, "SELECT pg_advisory_xact_lock(7205)")
	noError(t, slow.Commit(t.Context()))
	noError(t, <-answer)
	var rows, highest int
	noError(t, job.QueryRow(t.Context(), "SELECT count(*), max(seq) FROM audit").Scan(&rows, &highest))
	equal(t, "rows up to the highest number", rows, highest)
}

// filled gives a PostgreSQL database with the small world in it.
func filled(t *testing.T, more string) (database string) {
	t.Helper()
	cluster, err := pgrun.Shared(t.Context())
	if errors.Is(err, pgrun.ErrNotFound) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	noError(t, err)
	noError(t, cluster.Template(context.Background(), "small world", func(url string) error {
		conn, err := pgx.Connect(context.Background(), url)
		if err != nil {
			return err
		}
		if err = store.Migrate(context.Background(), url); err == nil {
			_, err = conn.Exec(context.Background(), smallWorld)
		}
		return errors.Join(err, conn.Close(context.Background()))
	}))
	database = cluster.ForTest(t, "small world")
	_, err = connected(t, database).Exec(t.Context(), more)
	noError(t, err)
	return database
}

func connected(t *testing.T, database string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	noError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) }) // the database goes next
	return conn
}

// begun gives a transaction on a connection of its own, at the level that units run at.
func begun(t *testing.T, database string) pgx.Tx {
	t.Helper()
	tx, err := connected(t, database).BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	noError(t, err)
	return tx
}

func must(t *testing.T, tx pgx.Tx, statement string) {
	t.Helper()
	_, err := tx.Exec(t.Context(), statement)
	noError(t, err)
}

// behind runs a statement that must wait for the first transaction, and gives back once it waits.
func behind(t *testing.T, first, second pgx.Tx, statement string) <-chan error {
	t.Helper()
	answer := make(chan error, 1)
	pid := second.Conn().PgConn().PID()
	go func() {
		_, err := second.Exec(t.Context(), statement)
		answer <- err
	}()
	ticker, deadline := time.NewTicker(5*time.Millisecond), time.After(time.Minute)
	defer ticker.Stop()
	for {
		var waits bool
		noError(t, first.QueryRow(t.Context(), "SELECT cardinality(pg_blocking_pids($1)) > 0", int32(pid)).Scan(&waits))
		if waits {
			return answer
		}
		select {
		case err := <-answer:
			t.Fatalf("%s did not wait: %v", statement, err)
		case <-deadline:
			t.Fatalf("%s does not wait", statement)
		case <-ticker.C:
		}
	}
}
