package store

import (
	"context"
	"errors"
	"fmt"

	"grupa/internal/account"
)

// Durable refuses a database whose settings let it forget what it has acknowledged. SQLite's are read back by Open.
func (db *DB) Durable(ctx context.Context) error {
	return db.View(ctx, account.Machine(), func(tx *Tx) error {
		if tx.engine == onSQLite {
			return nil
		}
		var bad []string
		err := tx.g.Raw(`SELECT name || ' = ' || setting FROM pg_settings WHERE (name = 'fsync' AND setting <> 'on')
			OR (name = 'full_page_writes' AND setting <> 'on')
			OR (name = 'synchronous_commit' AND setting IN ('off', 'local'))`).Scan(&bad).Error
		if err == nil && len(bad) > 0 {
			err = fmt.Errorf("PostgreSQL has %v: a power cut would lose what was acknowledged; switch it on", bad)
		}
		return err
	})
}

// check implements engine. The server keeps its own pages; what a hand can have done is looked at: references loaded
// behind its back, triggers and constraints switched off.
func (p *postgres) check(tx *Tx) error {
	return errors.Join(checkSwitchedOn(tx), checkReferences(tx))
}

func checkSwitchedOn(tx *Tx) error {
	var off []string
	err := tx.g.Raw(`SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
			WHERE c.relnamespace = current_schema()::regnamespace AND t.tgenabled <> 'O'
		UNION ALL SELECT conname FROM pg_constraint
			WHERE connamespace = current_schema()::regnamespace AND NOT convalidated`).Scan(&off).Error
	if err == nil && len(off) > 0 {
		err = fmt.Errorf("these triggers or constraints are switched off: %v", off)
	}
	return err
}

// unlocked asks for the references that PostgreSQL does not hold, see migration 2.
var unlocked = []string{
	"SELECT count(*) FROM person c WHERE NOT EXISTS (SELECT 1 FROM programme p WHERE p.id = c.programme_id)",
	"SELECT count(*) FROM application c WHERE NOT EXISTS (SELECT 1 FROM programme p WHERE p.id = c.programme_id)",
	`SELECT count(*) FROM application c WHERE NOT EXISTS
		(SELECT 1 FROM form p WHERE p.slug = c.form_slug AND p.version = c.form_version)`,
}

// checkReferences asks for each foreign key whether a row refers to what is not there. The names come from the catalog.
func checkReferences(tx *Tx) error {
	var queries []string
	err := tx.g.Raw(`SELECT format('SELECT count(*) FROM %s c WHERE %s AND NOT EXISTS (SELECT 1 FROM %s p WHERE %s)',
			con.conrelid::regclass,
			(SELECT string_agg(format('c.%I IS NOT NULL', a.attname), ' AND ') FROM unnest(con.conkey) k
				JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k),
			con.confrelid::regclass,
			(SELECT string_agg(format('p.%I = c.%I', b.attname, a.attname), ' AND ')
				FROM unnest(con.conkey, con.confkey) AS k (child, parent)
				JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.child
				JOIN pg_attribute b ON b.attrelid = con.confrelid AND b.attnum = k.parent))
		FROM pg_constraint con
		WHERE con.contype = 'f' AND con.connamespace = current_schema()::regnamespace ORDER BY con.oid`).
		Scan(&queries).Error
	if err != nil {
		return err
	}
	queries = append(queries, unlocked...)
	for _, query := range queries {
		var n int64
		if err := tx.g.Raw(query).Scan(&n).Error; err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%d rows refer to what is not there: %s", n, query)
		}
	}
	return nil
}
