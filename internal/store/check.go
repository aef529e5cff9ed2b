package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"grupa/internal/account"
)

// checkTime is plenty for every row of a large database.
const checkTime = time.Hour

// Check verifies the whole database: what the engine must keep, the audit chain, and that every person's and
// programme's key still unwraps. It reads only, and tells all that it finds.
func (db *DB) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	return db.View(ctx, account.Machine(), func(tx *Tx) error {
		return errors.Join(db.engine.check(tx), tx.checkAudit(), tx.checkKeys())
	})
}

func (tx *Tx) checkKeys() error {
	rows, err := tx.g.Raw("SELECT id, key FROM person UNION ALL SELECT id, key FROM programme").Rows()
	if err != nil {
		return err
	}
	var bad int
	for rows.Next() {
		var id string
		var wrapped []byte
		if err := rows.Scan(&id, &wrapped); err != nil {
			return errors.Join(err, rows.Close())
		}
		if _, err := tx.db.cfg.Sealing.Unwrap(id, wrapped); err != nil {
			bad++
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%d keys of people or programmes do not open with this installation's key", bad)
	}
	return nil
}
