package store

import (
	"context"
	"errors"
	"fmt"

	"grupa/internal/account"
)

// Check verifies the whole database: the file's pages, the references, the audit chain, and that every person's and
// programme's key still unwraps. It reads only, and tells all that it finds.
func (db *DB) Check(ctx context.Context) error {
	return db.View(ctx, account.Machine(), func(tx *Tx) error {
		return errors.Join(tx.checkPages(), tx.checkReferences(), tx.checkAudit(), tx.checkKeys())
	})
}

func (tx *Tx) checkPages() error {
	var found []string
	if err := tx.g.Raw("PRAGMA integrity_check").Scan(&found).Error; err != nil {
		return err
	}
	if len(found) != 1 || found[0] != "ok" {
		return fmt.Errorf("the database file is damaged: %v", found)
	}
	return nil
}

func (tx *Tx) checkReferences() error {
	var found []struct{ Table string }
	if err := tx.g.Raw("PRAGMA foreign_key_check").Scan(&found).Error; err != nil {
		return err
	}
	if len(found) > 0 {
		return fmt.Errorf("%d rows refer to what is not there, the first in %s", len(found), found[0].Table)
	}
	return nil
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
