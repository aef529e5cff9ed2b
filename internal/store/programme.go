package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"grupa/internal/account"
	"grupa/internal/store/seal"
	"grupa/internal/words"
)

type programmeRow struct {
	ID        string `gorm:"primaryKey"`
	Key       []byte
	Language  string
	CreatedAt int64
}

func (programmeRow) TableName() string { return "programme" }

type siteRow struct {
	ID          string `gorm:"primaryKey"`
	ProgrammeID string
	TimeZone    string
	CreatedAt   int64
}

func (siteRow) TableName() string { return "site" }

func (r siteRow) site() account.Site {
	return account.Site{
		ID: account.SiteID(r.ID), Programme: account.ProgrammeID(r.ProgrammeID), TimeZone: r.TimeZone,
	}
}

type installationRow struct {
	ID        int `gorm:"primaryKey"`
	KeyCheck  []byte
	Key       []byte
	CreatedAt int64
}

func (installationRow) TableName() string { return "installation" }

// ErrWrongKey means that the database was sealed under another installation's key.
var ErrWrongKey = errors.New("the key file is not the one that this database was sealed with: put back the right one")

const knownText = "grupa"

var keyCheck = seal.Place{Table: "installation", Column: "key_check", Record: "1"}

// Install makes what every installation has (its key check, one programme with one site) where it is not there yet,
// and refuses a key that is not this database's.
func (db *DB) Install(ctx context.Context, language words.Lang, timeZone string) error {
	var rows []installationRow
	err := db.View(ctx, account.Machine(), func(tx *Tx) error { return tx.g.Find(&rows).Error })
	if err != nil {
		return err
	}
	if len(rows) == 1 {
		return db.checkKey(rows[0])
	}
	err = db.Update(ctx, account.Machine(), func(tx *Tx) error {
		if err := errors.Join(tx.alone(lockInstall), tx.g.Find(&rows).Error); err != nil {
			return err
		}
		if len(rows) == 1 { // another replica was first
			return errInstalled
		}
		return tx.install(language, timeZone)
	})
	if errors.Is(err, errInstalled) {
		return db.checkKey(rows[0])
	}
	return err
}

var errInstalled = errors.New("it is installed")

func (db *DB) checkKey(r installationRow) error {
	key, err := db.cfg.Sealing.Unwrap("installation", r.Key)
	if err != nil {
		return ErrWrongKey
	}
	if text, err := key.Open(keyCheck, r.KeyCheck); err != nil || string(text) != knownText {
		return ErrWrongKey
	}
	return nil
}

func (tx *Tx) install(language words.Lang, timeZone string) error {
	key, wrapped, err := tx.db.cfg.Sealing.NewKey("installation")
	if err != nil {
		return err
	}
	programme := account.NewID()
	_, programmeKey, err := tx.db.cfg.Sealing.NewKey(programme)
	if err != nil {
		return err
	}
	tx.Audit("installation.create", programme)
	now := tx.now.Unix()
	return errors.Join(
		tx.g.Create(&installationRow{1, key.Seal(keyCheck, []byte(knownText)), wrapped, now}).Error,
		tx.g.Create(&programmeRow{programme, programmeKey, string(language), now}).Error,
		tx.g.Create(&siteRow{account.NewID(), programme, timeZone, now}).Error,
	)
}

// Programme gives the first programme, until there are rules for more.
func (tx *Tx) Programme() (account.Programme, error) {
	if tx.standing != nil {
		return tx.standing.programme, nil
	}
	var id, language string
	err := tx.g.Raw("SELECT id, language FROM programme ORDER BY created_at, id LIMIT 1").Row().Scan(&id, &language)
	if errors.Is(err, sql.ErrNoRows) {
		err = account.ErrNoProgramme
	}
	return account.Programme{ID: account.ProgrammeID(id), Language: words.Lang(language)}, err
}

// Site gives the first site of the first programme.
func (tx *Tx) Site() (account.Site, error) {
	if tx.standing != nil {
		return tx.standing.site, nil
	}
	var row siteRow
	err := tx.g.Order("created_at, id").Take(&row).Error
	return row.site(), orNotFound(err, account.ErrNoProgramme)
}

// keyOf gives the key of a person or a programme.
func (tx *Tx) keyOf(table, id string) (seal.Key, error) {
	if key, ok := tx.keys[id]; ok {
		return key, nil
	}
	query := "SELECT key FROM person WHERE id = ?"
	if table == "programme" {
		query = "SELECT key FROM programme WHERE id = ?"
	}
	var wrapped []byte
	if err := tx.g.Raw(query, id).Row().Scan(&wrapped); err != nil {
		return nil, fmt.Errorf("key of a %s: %w", table, err)
	}
	key, err := tx.db.cfg.Sealing.Unwrap(id, wrapped)
	if err != nil {
		return nil, err
	}
	tx.remember(id, key)
	return key, nil
}

func (tx *Tx) remember(id string, key seal.Key) {
	if tx.keys == nil {
		tx.keys = map[string]seal.Key{}
	}
	tx.keys[id] = key
}

// sealFor seals a value with the key of a person or a programme.
func (tx *Tx) sealFor(owner, id string, at seal.Place, plain []byte) ([]byte, error) {
	key, err := tx.keyOf(owner, id)
	if err != nil {
		return nil, err
	}
	return key.Seal(at, plain), nil
}

func (tx *Tx) openFor(owner, id string, at seal.Place, sealed []byte) ([]byte, error) {
	key, err := tx.keyOf(owner, id)
	if err != nil {
		return nil, err
	}
	return key.Open(at, sealed)
}
