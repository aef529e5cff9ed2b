package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"grupa/internal/store"
	"grupa/internal/words"
)

// migrate brings the schema up and does nothing else.
func migrate(ctx context.Context, p *program) error {
	db, err := p.open(ctx)
	if err != nil {
		return err
	}
	p.printf("The schema is up to date.\n")
	return db.Close()
}

// check verifies what is stored and says everything that is wrong. It changes nothing but the audit chain's last links.
func check(ctx context.Context, p *program) error {
	installed, err := store.Installed(ctx, p.database())
	if err != nil {
		return err
	}
	if !installed {
		return fmt.Errorf("there is no database %s: start the server once, or say --data or --database-url", p.place())
	}
	ok, err := store.Migrated(ctx, p.database())
	if err != nil {
		return err
	}
	if !ok {
		return errors.New("the schema is of an older version: run server migrate")
	}
	db, err := p.open(ctx)
	if err != nil {
		return err
	}
	err = errors.Join(db.ChainAudit(ctx), db.Check(ctx))
	mail, mailErr := db.MailStats(ctx)
	if err := errors.Join(err, mailErr, db.Close()); err != nil {
		return err
	}
	p.printf("Database, references, audit trail and keys: all well.\n")
	p.sayMail(mail)
	return p.checkContacts()
}

// stale is when help contacts should be checked again.
const stale = 180

func (p *program) checkContacts() error {
	book, err := p.helpContacts()
	if err != nil {
		return err
	}
	for _, lang := range words.Languages() {
		checked, err := time.Parse(time.DateOnly, book[lang].CheckedOn)
		switch {
		case book[lang].CheckedBy == "":
			p.printf("Help contacts (%s): the defaults; nobody has confirmed them.\n", lang)
		case err != nil || time.Since(checked) > stale*24*time.Hour:
			p.printf("Help contacts (%s): last checked on %s; call the numbers again.\n", lang, book[lang].CheckedOn)
		default:
			p.printf("Help contacts (%s): checked on %s by %s.\n", lang, book[lang].CheckedOn, book[lang].CheckedBy)
		}
	}
	return nil
}
