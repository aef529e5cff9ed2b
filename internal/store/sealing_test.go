package store_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"grupa/group"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/seal"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

func TestAWrongKeyIsRefusedAtTheStart(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	s.Apply(storetest.Filled("Kept"))
	wrong := openAgain(t, s.Database, bytes.Repeat([]byte{8}, seal.KeySize))
	if err := wrong.Install(t.Context(), words.English, "UTC"); !errors.Is(err, store.ErrWrongKey) {
		t.Errorf("install: %v", err)
	}
	if err := wrong.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "do not open") {
		t.Errorf("check: %v", err)
	}
	noError(t, s.ChainAudit(t.Context()))
	if err := wrong.Check(t.Context()); !errors.Is(err, store.ErrAuditBroken) {
		t.Errorf("who has no key can write an audit chain that fits: %v", err)
	}
	right := openAgain(t, s.Database, storetest.Key())
	noError(t, right.Install(t.Context(), words.English, "UTC"))
	equal(t, "programmes", number(t, raw(t, s.Database), "SELECT count(*) FROM programme"), 1)
}

func TestASealedValueThatWasMovedOrChangedDoesNotOpen(t *testing.T) {
	t.Parallel()
	for what, query := range map[string]string{
		"another's contact": "UPDATE person SET contact = (SELECT contact FROM person WHERE id = ?2) WHERE id = ?1",
		"another's key":     "UPDATE person SET key = (SELECT key FROM person WHERE id = ?2) WHERE id = ?1",
		"another's key and contact": `UPDATE person SET (key, contact) = (SELECT key, contact FROM person WHERE id = ?2)
			WHERE id = ?1`,
		"another's answers": `UPDATE application SET answers = (SELECT answers FROM application WHERE person_id = ?2)
			WHERE person_id = ?1`,
		"own contact as answers": `UPDATE application SET answers = (SELECT contact FROM person WHERE id = ?1)
			WHERE person_id = ?1`,
		"octets exchanged": `UPDATE person SET contact = CAST(substr(contact, 2) || substr(contact, 1, 1) AS BLOB)
			WHERE id = ?1`,
		"a contact cut short": "UPDATE person SET contact = substr(contact, 1, length(contact) - 1) WHERE id = ?1",
		"an empty contact":    "UPDATE person SET contact = x'' WHERE id = ?1",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := storetest.New(t)
			p, other := s.Apply(storetest.Filled("One")), s.Apply(storetest.Filled("Other"))
			exec(t, raw(t, s.Database), spelt(s, query, "?1", "'"+string(p.Person)+"'", "?2", "'"+string(other.Person)+"'"))
			err := s.View(t.Context(), p.Caller, func(tx *store.Tx) error {
				_, err := tx.OwnApplication()
				return err
			})
			if !errors.Is(err, seal.ErrUnreadable) {
				t.Errorf("got %v", err)
			}
			has(t, s.DB, other)
		})
	}
}

// spelt puts values in the place of names, and PostgreSQL's words in the place of SQLite's.
func spelt(s *storetest.Store, query string, values ...string) string {
	if store.IsPostgres(s.Database) {
		values = append(values, "AS BLOB", "AS bytea", "x''", "''")
	}
	return strings.NewReplacer(values...).Replace(query)
}

func TestAnotherGroupsTitleOrAnOlderTraceDoesNotOpen(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	g, other := s.Group(c, 3), s.Group(c, 3)
	p := s.Apply(storetest.Filled("One"))
	db := raw(t, s.Database)
	exec(t, db, "UPDATE care_group SET title = (SELECT title FROM care_group WHERE id = ?) WHERE id = ?",
		string(other.ID), string(g.ID))
	exec(t, db, "UPDATE screening SET number = 2 WHERE application_seq = (SELECT seq FROM application WHERE id = ?)",
		string(p.Application))
	for what, fn := range map[string]func(tx *store.Tx) error{
		"title": func(tx *store.Tx) error { _, err := group.Read(tx, g.ID); return err },
		"trace": func(tx *store.Tx) error { _, err := tx.Screening(p.Application); return err },
	} {
		if err := s.View(t.Context(), c, fn); !errors.Is(err, seal.ErrUnreadable) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestWhatPeopleWriteIsNotInTheFile(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, token := s.Staff("coordinator.canary@example.org", account.Coordinator)
	f := storetest.Filled("Canaryname")
	f.Answers[0].Answer.Text = new("canaryreason")
	contact := f.Answers[len(f.Answers)-1].Answer.Contact
	contact.Email, contact.Note = "canary@example.org", "canarynote"
	p := s.Apply(f)
	s.Do(c, func(tx *store.Tx) error {
		_, err := intake.Decide(tx, p.Application, 1, intake.Decision{Verb: intake.Review, Reason: "canarydecision"})
		return err
	})
	s.Do(c, func(tx *store.Tx) error {
		_, err := group.Create(tx, group.Draft{Type: "support", Title: "Canarytitle", Language: words.English})
		return err
	})
	receipt, _ := account.ParseReceipt(p.Receipt)
	for _, secret := range []string{
		"Canaryname", "canaryname", "canaryreason", "canary@example.org", "canarynote", "canarydecision", "Canarytitle",
		"coordinator.canary", token, p.Receipt, receipt,
	} {
		if inTheFile(t, s.Database, secret) {
			t.Errorf("%q stands in the file", secret)
		}
	}
	if !inTheFile(t, s.Database, p.Reference) {
		t.Error("the scan does not find what stands there in clear")
	}
}
