package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"strconv"
)

// Waiting is how many units stand in line behind the one that runs.
// On PostgreSQL nobody stands in line: units run side by side.
func (db *DB) Waiting() int {
	if s, ok := db.engine.(*sqlite); ok {
		return len(s.units)
	}
	return math.MaxInt
}

// LimitPages lets the file grow to that many pages and no further, as a full disk would.
func (db *DB) LimitPages(n int) error {
	return db.engine.(*sqlite).write.gorm.Exec("PRAGMA max_page_count = " + strconv.Itoa(n)).Error
}

// Pages is how many pages the file has.
func (db *DB) Pages() (n int, err error) {
	return n, db.engine.(*sqlite).write.gorm.Raw("PRAGMA page_count").Scan(&n).Error
}

// Pragma reads a setting of the connection that the unit runs on.
func (tx *Tx) Pragma(name string) (value string, err error) {
	return value, tx.g.Raw("PRAGMA " + name).Scan(&value).Error
}

// CheckSettings opens a connection with other settings than ours and checks it as Open does.
func CheckSettings(ctx context.Context, path string, other ...string) error {
	pool := sql.OpenDB(connector{dsn(path, other...)})
	return errors.Join(checkPragmas(ctx, pool), pool.Close())
}
