package store_test

import (
	"database/sql"
	"strings"
	"testing"

	"grupa/group"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// publish puts a second version beside the first, changed by one word.
func publish(t *testing.T, db *sql.DB, table, slug, old, with string) {
	t.Helper()
	var body string
	noError(t, db.QueryRow("SELECT body FROM "+table+" WHERE slug = ? AND version = 1", slug).Scan(&body))
	if !strings.Contains(body, old) {
		t.Fatalf("%s %s has no %q", table, slug, old)
	}
	body = strings.Replace(strings.Replace(body, `"version": 1`, `"version": 2`, 1), old, with, 1)
	exec(t, db, "INSERT INTO "+table+" (slug, version, body, published_at) VALUES (?, 2, ?, 0)", slug, body)
}

func TestLoadingTheCatalogueAgainWritesNothing(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	db := raw(t, s.Database)
	before := number(t, db, "SELECT max(seq) FROM audit")
	noError(t, s.LoadCatalogue(t.Context()))
	noError(t, s.Install(t.Context(), words.English, "Europe/Warsaw"))
	equal(t, "audit rows", number(t, db, "SELECT max(seq) FROM audit"), before)
	exec(t, db, "DELETE FROM group_type WHERE slug = 'process'")
	noError(t, s.LoadCatalogue(t.Context()))
	equal(t, "what was missing", number(t, db, "SELECT count(*) FROM group_type WHERE slug = 'process'"), 1)
}

func TestAnApplicationStaysWithTheVersionsItWasScreenedWith(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	p := s.Apply(storetest.Filled("Early"))
	db := raw(t, s.Database)
	publish(t, db, "form", "intake", "What brings you to us?", "What is it?")
	publish(t, db, "group_type", "support", "This group is for people aged 16 or over.", "Sixteen and over.")
	noError(t, s.LoadCatalogue(t.Context())) // does not take the older one of the binary for missing
	text := func() (said string) {
		s.Do(c, func(tx *store.Tx) error {
			a, screening, err := intake.OpenScreening(tx, p.Application)
			if err != nil {
				return err
			}
			all, err := intake.Explain(tx, screening, a.Answers, words.English, intake.ForStaff)
			for _, e := range all {
				if e.Type == "support" {
					said = e.Reasons[0].Text
				}
			}
			return err
		})
		return said
	}
	if said := text(); !strings.Contains(said, "aged 16 or over") {
		t.Errorf("an old screening now says %q", said)
	}
	s.Do(c, func(tx *store.Tx) error { _, _, err := intake.Rescreen(tx, p.Application); return err })
	if said := text(); !strings.Contains(said, "Sixteen and over") {
		t.Errorf("screened again, it says %q", said)
	}
	s.Read(c, func(tx *store.Tx) error {
		form, err := tx.Form("intake")
		equal(t, "the newest form", form.Version, 2)
		return err
	})
}

func TestConsentIsToTheWordsOfItsDay(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	g := s.Group(c, 2)
	early, late := s.Apply(storetest.Filled("Early")), s.Apply(storetest.Filled("Late"))
	s.Join(c, early, g)
	old := s.Agreed(g)
	publish(t, raw(t, s.Database), "consent_element", "voluntary-participation", `"en":"`, `"en":"New: `)
	s.Admit(c, late, "support")
	offer := s.Offer(c, late, g)
	err := s.Update(t.Context(), late.Caller, func(tx *store.Tx) error {
		_, err := group.Accept(tx, offer.ID, old)
		return err
	})
	isError(t, "the old words", err, fault.At("consents[0].version", "consent_version"))
	now := s.Agreed(g)
	s.Do(late.Caller, func(tx *store.Tx) error { _, err := group.Accept(tx, offer.ID, now); return err })
	for who, version := range map[*storetest.Person]int{&early: 1, &late: 2} {
		s.Read(who.Caller, func(tx *store.Tx) error {
			all, err := group.Consents(tx)
			for _, consent := range all {
				if consent.Element != "voluntary-participation" {
					continue
				}
				text, err := tx.AgreedText(consent.Agreement)
				noError(t, err)
				equal(t, "version", text.Version, version)
				equal(t, "new words", strings.HasPrefix(text.Name[words.English], "New: "), version == 2)
			}
			return err
		})
	}
}
