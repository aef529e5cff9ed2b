package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"grupa/group"
	"grupa/intake"
	"grupa/intake/catalogue"
	"grupa/internal/account"
	"grupa/internal/fault"
)

// library keeps parsed versions of forms and group types. A published version never changes, so what is kept can't go
// stale, on no replica; which version is the newest is always asked of the database.
type library struct {
	mu       *sync.Mutex
	forms    map[intake.FormRef]*intake.Form
	types    map[typeRef]*intake.GroupType
	elements map[string]group.ConsentElement // of the binary
}

type typeRef struct {
	slug    string
	version int
}

func newLibrary() library {
	return library{
		mu: &sync.Mutex{}, forms: map[intake.FormRef]*intake.Form{}, types: map[typeRef]*intake.GroupType{},
		elements: map[string]group.ConsentElement{},
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
		return nil
	})
}

// missingCatalogue keeps a start that has nothing to load from parsing and writing.
func (db *DB) missingCatalogue(ctx context.Context) (missing bool, err error) {
	want := len(catalogue.FormFiles()) + len(catalogue.TypeFiles())
	err = db.View(ctx, account.Machine(), func(tx *Tx) error {
		have := 0
		for query, files := range map[string]map[string][]byte{
			"SELECT count(*) FROM form WHERE slug = ? AND version >= ?":       catalogue.FormFiles(),
			"SELECT count(*) FROM group_type WHERE slug = ? AND version >= ?": catalogue.TypeFiles(),
		} {
			for slug, raw := range files {
				version, err := catalogue.Version(raw)
				if err != nil {
					return err
				}
				var n int
				if err := tx.g.Raw(query, slug, version).Scan(&n).Error; err != nil {
					return err
				}
				have += min(n, 1)
			}
		}
		missing = have < want
		return nil
	})
	return missing, err
}

func (tx *Tx) publish(table, slug string, version int, body []byte) error {
	tx.published = true
	query := `INSERT INTO form (slug, version, body, published_at)
		SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM form WHERE slug = ? AND version >= ?)`
	if table == "group_type" {
		query = `INSERT INTO group_type (slug, version, body, published_at)
			SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM group_type WHERE slug = ? AND version >= ?)`
	}
	return tx.g.Exec(query, slug, version, string(body), tx.now.Unix(), slug, version).Error
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

// ConsentText gives the newest words of a consent element, which come with the binary.
func (tx *Tx) ConsentText(element string) (group.ConsentElement, error) {
	lib := tx.db.library
	lib.mu.Lock()
	defer lib.mu.Unlock()
	if len(lib.elements) == 0 {
		vocabularies, err := catalogue.Vocabularies()
		if err != nil {
			return group.ConsentElement{}, err
		}
		for _, v := range vocabularies {
			for _, e := range v.Entries {
				if v.Name == "consent-element" {
					lib.elements[e.Slug] = group.ConsentElement{Slug: e.Slug, Version: e.Version, Name: e.Name, Text: e.Text}
				}
			}
		}
	}
	e, ok := lib.elements[element]
	if !ok {
		return e, fault.New(fault.Internal, "consent_element")
	}
	return e, nil
}
