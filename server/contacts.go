package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"grupa/intake"
	"grupa/intake/catalogue"
	"grupa/internal/words"
)

// helpBook is the help contacts of every language, in memory from the start on.
type helpBook map[words.Lang]intake.HelpContacts

var errUnconfirmed = errors.New("--listen is open to others, but nobody has confirmed the help contacts: call the " +
	"numbers in the files of --help-contacts, then run: server contacts confirm --by YOUR-NAME")

func (p *program) helpFile(lang words.Lang) string {
	return filepath.Join(p.HelpFolder, string(lang)+".json")
}

// helpContacts reads the files of the folder, and the dated defaults for a language that has none.
func (p *program) helpContacts() (helpBook, error) {
	book := helpBook{}
	defaults := catalogue.HelpFiles()
	for _, lang := range words.Languages() {
		raw, err := os.ReadFile(p.helpFile(lang))
		if errors.Is(err, os.ErrNotExist) {
			raw, err = defaults[lang], nil
		}
		if err != nil {
			return nil, err
		}
		contacts, err := intake.ParseHelp(raw)
		if err != nil {
			return nil, fmt.Errorf("help contacts %s: %s", p.helpFile(lang), sentence(err))
		}
		book[lang] = contacts
	}
	return book, nil
}

// confirmed says whether somebody put their name to the contacts of every language.
func (b helpBook) confirmed() bool {
	for _, lang := range words.Languages() {
		if b[lang].CheckedBy == "" {
			return false
		}
	}
	return true
}

// contactsConfirm writes the contacts of every language to the folder with today's date and who checked them.
func contactsConfirm(_ context.Context, p *program) error {
	by := strings.TrimSpace(p.opts.by)
	if by == "" || len(p.args) > 0 {
		return errors.New("say who checked the contacts: contacts confirm --by NAME")
	}
	if err := os.MkdirAll(p.HelpFolder, 0o755); err != nil {
		return err
	}
	defaults := catalogue.HelpFiles()
	for _, lang := range words.Languages() {
		raw, err := os.ReadFile(p.helpFile(lang))
		if errors.Is(err, os.ErrNotExist) {
			raw, err = defaults[lang], nil
		}
		if err != nil {
			return err
		}
		if raw, err = confirmedFile(raw, by); err != nil {
			return fmt.Errorf("help contacts %s: %s", p.helpFile(lang), sentence(err))
		}
		if err := replaceFile(p.helpFile(lang), raw); err != nil {
			return err
		}
		p.printf("%s: confirmed by %s\n", p.helpFile(lang), by)
	}
	return nil
}

// confirmedFile changes the two marks and leaves the rest of the file as it was written.
func confirmedFile(raw []byte, by string) ([]byte, error) {
	if _, err := intake.ParseHelp(raw); err != nil {
		return nil, err
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, err
	}
	fields["checked_on"], fields["checked_by"] = time.Now().Format(time.DateOnly), by
	out, err := json.MarshalIndent(fields, "", "  ")
	if err != nil {
		return nil, err
	}
	out = append(out, '\n')
	_, err = intake.ParseHelp(out)
	return out, err
}

// replaceFile never leaves half a file behind.
func replaceFile(path string, raw []byte) error {
	next := path + ".new"
	if err := os.WriteFile(next, raw, 0o644); err != nil {
		return err
	}
	return os.Rename(next, path)
}
