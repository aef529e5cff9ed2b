package catalogue

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"grupa/internal/words"
)

// Vocabulary is a closed list of slugs with their names, such as the aims or the techniques of group work.
type Vocabulary struct {
	Name    string
	Entries []Entry // in the order in which people read them
}

// Entry is one word of a vocabulary. Its slug is stable and never used again for something else.
type Entry struct {
	Slug    string
	Name    words.Text
	Version int        // of Text, from 1; only for consent elements
	Text    words.Text // the sentence that a member agrees to; only for consent elements
	Aims    []string   // what the objective serves; only for objectives
	Types   []string   // the group types that list the objective; only for objectives
}

// names lists the vocabularies in the order in which they are given out. Group types are a folder of their own.
func names() []string {
	return []string{
		"aim", "area", "formation", "composition", "membership", "participation", "age-stage", "model", "modality",
		"delivery", "technique", "objective", "leadership", "leader-role", "goal-perspective", "case-phase",
		"group-phase", "development-stage", "consent-element",
	}
}

// Vocabularies reads all vocabularies anew, so the caller owns what it gets. An error is a fault of the build.
func Vocabularies() ([]Vocabulary, error) {
	raw := folder("vocabularies")
	all := make([]Vocabulary, 0, len(raw))
	for _, name := range names() {
		v, err := parseVocabulary(raw[name])
		if err == nil && v.Name != name {
			err = fmt.Errorf("is named %q inside", v.Name)
		}
		if err != nil {
			return nil, fmt.Errorf("catalogue: vocabularies/%s.json: %w", name, err)
		}
		all = append(all, v)
	}
	return all, nil
}

type vocabularyFile struct {
	Vocabulary string      `json:"vocabulary"`
	Entries    []entryFile `json:"entries"`
}

type entryFile struct {
	Slug    string     `json:"slug"`
	Name    words.Text `json:"name"`
	Version int        `json:"version"`
	Text    words.Text `json:"text"`
	Aims    []string   `json:"aims"`
	Types   []string   `json:"types"`
}

func parseVocabulary(raw []byte) (Vocabulary, error) {
	var file vocabularyFile
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return Vocabulary{}, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Vocabulary{}, errors.New("something follows the vocabulary")
	}
	v := Vocabulary{Name: file.Vocabulary}
	seen := map[string]bool{}
	for _, e := range file.Entries {
		if err := e.check(); err != nil {
			return Vocabulary{}, err
		}
		if seen[e.Slug] {
			return Vocabulary{}, fmt.Errorf("%s is there twice", e.Slug)
		}
		seen[e.Slug] = true
		v.Entries = append(v.Entries, Entry(e))
	}
	return v, nil
}

// check holds that the slug and every language are there, and that a sentence to agree to has a version.
func (e entryFile) check() error {
	if e.Slug == "" {
		return errors.New("an entry has no slug")
	}
	if missing := e.Name.Missing(); len(missing) > 0 {
		return fmt.Errorf("%s has no name in %v", e.Slug, missing)
	}
	if (e.Version > 0) != (len(e.Text) > 0) {
		return fmt.Errorf("%s needs both a text and its version, or neither", e.Slug)
	}
	if missing := e.Text.Missing(); e.Version > 0 && len(missing) > 0 {
		return fmt.Errorf("%s has no text in %v", e.Slug, missing)
	}
	return nil
}
