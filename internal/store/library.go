package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"grupa/intake"
	"grupa/intake/catalogue"
	"grupa/internal/account"
)

// library keeps parsed versions of forms and group types. A published version never changes, so what is kept can't go
// stale, on no replica; which version is the newest is always asked of the database.
type library struct {
	mu    *sync.Mutex
	forms map[intake.FormRef]*intake.Form
	types map[typeRef]*intake.GroupType
}

type typeRef struct {
	slug    string
	version int
}

func newLibrary() library {
	return library{
		mu: &sync.Mutex{}, forms: map[intake.FormRef]*intake.Form{}, types: map[typeRef]*intake.GroupType{},
	}
}

type formRow struct {
	Slug        string `gorm:"primaryKey"`
	Version     int    `gorm:"primaryKey"`
	Body        string
	PublishedAt int64
}

func (formRow) TableName() string { return "form" }

type groupTypeRow struct {
	Slug        string `gorm:"primaryKey"`
	Version     int    `gorm:"primaryKey"`
	Body        string
	PublishedAt int64
}

func (groupTypeRow) TableName() string { return "group_type" }

// LoadCatalogue publishes the forms and group types that this binary carries, where the database has no version as new.
func (db *DB) LoadCatalogue(ctx context.Context) error {
	missing, err := db.missingCatalogue(ctx)
	if err != nil || !missing {
		return err
	}
	return db.Update(ctx, account.Machine(), func(tx *Tx) error {
		if err := tx.alone(lockInstall); err != nil {
			return err
		}
		tx.Audit("catalogue.load", "")
		forms, types := catalogue.FormFiles(), catalogue.TypeFiles()
		for _, slug := range slices.Sorted(maps.Keys(forms)) {
			form, err := intake.ParseForm(forms[slug])
			if err != nil {
				return fmt.Errorf("form %s: %w", slug, err)
			}
			if err := tx.publish("form", form.Slug, form.Version, forms[slug]); err != nil {
				return err
			}
		}
		for _, slug := range slices.Sorted(maps.Keys(types)) {
			t, err := intake.ParseGroupType(types[slug], tx.formVersions)
			if err != nil {
				return fmt.Errorf("group type %s: %w", slug, err)
			}
			if err := tx.publish("group_type", t.Slug, t.Version, types[slug]); err != nil {
				return err
			}
		}
		return tx.publishConsent()
	})
}

// missingCatalogue keeps a start that has nothing to load from parsing and writing.
func (db *DB) missingCatalogue(ctx context.Context) (missing bool, err error) {
	newest, err := catalogueVersions()
	if err != nil {
		return false, err
	}
	err = db.View(ctx, account.Machine(), func(tx *Tx) error {
		var stored []struct {
			Kind, Slug string
			Version    int
		}
		err := tx.g.Raw(`SELECT 'form' AS kind, slug, max(version) AS version FROM form GROUP BY slug
			UNION ALL SELECT 'group_type', slug, max(version) FROM group_type GROUP BY slug
			UNION ALL SELECT 'consent_element', slug, max(version) FROM consent_element GROUP BY slug`).Scan(&stored).Error
		for _, s := range stored {
			if s.Version >= newest[s.Kind+" "+s.Slug] {
				delete(newest, s.Kind+" "+s.Slug)
			}
		}
		missing = len(newest) > 0
		return err
	})
	return missing, err
}

// catalogueVersions gives the version of everything that this binary carries, by kind and slug.
func catalogueVersions() (map[string]int, error) {
	newest := map[string]int{}
	for kind, files := range map[string]map[string][]byte{
		"form": catalogue.FormFiles(), "group_type": catalogue.TypeFiles(),
	} {
		for slug, raw := range files {
			version, err := catalogue.Version(raw)
			if err != nil {
				return nil, err
			}
			newest[kind+" "+slug] = version
		}
	}
	elements, err := consentElements()
	for _, e := range elements {
		newest["consent_element "+e.Slug] = e.Version
	}
	return newest, err
}

// publications has the constant statement for each kind of thing that is published in versions.
var publications = map[string]string{
	"form": `INSERT INTO form (slug, version, body, published_at)
		SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM form WHERE slug = ? AND version >= ?)`,
	"group_type": `INSERT INTO group_type (slug, version, body, published_at)
		SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM group_type WHERE slug = ? AND version >= ?)`,
	"consent_element": `INSERT INTO consent_element (slug, version, body, published_at)
		SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM consent_element WHERE slug = ? AND version >= ?)`,
}

func (tx *Tx) publish(kind, slug string, version int, body []byte) error {
	tx.published = true
	return tx.g.Exec(publications[kind], slug, version, string(body), tx.now.Unix(), slug, version).Error
}

// Form gives the newest version of a form.
func (tx *Tx) Form(slug string) (*intake.Form, error) {
	var version int
	err := tx.g.Raw("SELECT coalesce(max(version), 0) FROM form WHERE slug = ?", slug).Scan(&version).Error
	if err != nil {
		return nil, err
	}
	return tx.FormVersion(intake.FormRef{Slug: slug, Version: version})
}

// Forms gives the newest version of each form.
func (tx *Tx) Forms() ([]*intake.Form, error) {
	var refs []intake.FormRef
	err := tx.g.Raw("SELECT slug, max(version) AS version FROM form GROUP BY slug ORDER BY slug").Scan(&refs).Error
	if err != nil {
		return nil, err
	}
	var forms []*intake.Form
	for _, ref := range refs {
		form, err := tx.FormVersion(ref)
		if err != nil {
			return nil, err
		}
		forms = append(forms, form)
	}
	return forms, nil
}

// FormVersion gives one version of a form.
func (tx *Tx) FormVersion(ref intake.FormRef) (*intake.Form, error) {
	lib := tx.db.library
	lib.mu.Lock()
	form, ok := lib.forms[ref]
	lib.mu.Unlock()
	if ok {
		return form, nil
	}
	var row formRow
	if err := tx.g.Where("slug = ? AND version = ?", ref.Slug, ref.Version).Take(&row).Error; err != nil {
		return nil, orNotFound(err, intake.ErrNoForm)
	}
	form, err := intake.ParseForm([]byte(row.Body))
	if err != nil {
		return nil, fmt.Errorf("stored form %s %d: %s", ref.Slug, ref.Version, err)
	}
	if !tx.published {
		lib.mu.Lock()
		defer lib.mu.Unlock()
		lib.forms[ref] = form
	}
	return form, nil
}

// formVersions gives every published version of a form, the newest first, and none where that can't be read: then the
// type that asks is refused.
func (tx *Tx) formVersions(slug string) []*intake.Form {
	var refs []intake.FormRef
	err := tx.g.Raw("SELECT slug, version FROM form WHERE slug = ? ORDER BY version DESC", slug).Scan(&refs).Error
	if err != nil {
		return nil
	}
	var forms []*intake.Form
	for _, ref := range refs {
		form, err := tx.FormVersion(ref)
		if err != nil {
			return nil
		}
		forms = append(forms, form)
	}
	return forms
}

// GroupTypes gives the newest version of each group type, by slug.
func (tx *Tx) GroupTypes() ([]*intake.GroupType, error) {
	if tx.standing != nil {
		return tx.standing.types, nil
	}
	var refs []struct {
		Slug    string
		Version int
	}
	err := tx.g.Raw("SELECT slug, max(version) AS version FROM group_type GROUP BY slug ORDER BY slug").Scan(&refs).Error
	if err != nil {
		return nil, err
	}
	var types []*intake.GroupType
	for _, ref := range refs {
		t, err := tx.GroupTypeVersion(ref.Slug, ref.Version)
		if err != nil {
			return nil, err
		}
		types = append(types, t)
	}
	return types, nil
}

// GroupType gives the newest version of a group type.
func (tx *Tx) GroupType(slug string) (*intake.GroupType, error) {
	var version int
	err := tx.g.Raw("SELECT coalesce(max(version), 0) FROM group_type WHERE slug = ?", slug).Scan(&version).Error
	if err != nil {
		return nil, err
	}
	return tx.GroupTypeVersion(slug, version)
}

// GroupTypeVersion gives one version of a group type.
func (tx *Tx) GroupTypeVersion(slug string, version int) (*intake.GroupType, error) {
	ref, lib := typeRef{slug, version}, tx.db.library
	lib.mu.Lock()
	t, ok := lib.types[ref]
	lib.mu.Unlock()
	if ok {
		return t, nil
	}
	var row groupTypeRow
	if err := tx.g.Where("slug = ? AND version = ?", slug, version).Take(&row).Error; err != nil {
		return nil, orNotFound(err, intake.ErrNoGroupType)
	}
	t, err := intake.ParseGroupType([]byte(row.Body), tx.formVersions)
	if err != nil {
		return nil, fmt.Errorf("stored group type %s %d: %s", slug, version, err)
	}
	if !tx.published {
		lib.mu.Lock()
		defer lib.mu.Unlock()
		lib.types[ref] = t
	}
	return t, nil
}
