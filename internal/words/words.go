// Package words owns every text that a person reads and that is not part of a form or of the catalogue, in every
// language, and the choice of a language. It leaves out who says what when: callers give a key and arguments.
package words

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"golang.org/x/text/language"
)

// Lang is one of the languages that Grupa speaks, as a BCP 47 tag.
type Lang string

// The languages. English is the one that is always there.
const (
	English Lang = "en"
	Polish  Lang = "pl"
	Latvian Lang = "lv"
	Persian Lang = "fa"
)

// Languages lists all of them, English first.
func Languages() []Lang { return []Lang{English, Polish, Latvian, Persian} }

// Known says whether the tag is one of Languages.
func Known(tag string) bool {
	for _, l := range Languages() {
		if string(l) == tag {
			return true
		}
	}
	return false
}

// Direction is "rtl" or "ltr", as in HTML's dir attribute.
func (l Lang) Direction() string {
	if l == Persian {
		return "rtl"
	}
	return "ltr"
}

// Text is one text in several languages, keyed by language.
type Text map[Lang]string

// In gives the text in that language, else in English.
func (t Text) In(l Lang) string {
	if s, ok := t[l]; ok {
		return s
	}
	return t[English]
}

// Missing lists the languages that have no text.
func (t Text) Missing() []Lang {
	var missing []Lang
	for _, l := range Languages() {
		if strings.TrimSpace(t[l]) == "" {
			missing = append(missing, l)
		}
	}
	return missing
}

var matcher = language.NewMatcher([]language.Tag{
	language.English, language.Polish, language.Latvian, language.Persian,
})

// Match picks the best of our languages for an Accept-Language header; ok is false when it names none of them.
func Match(acceptLanguage string) (lang Lang, ok bool) {
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return English, false
	}
	_, i, confidence := matcher.Match(tags...)
	return Languages()[i], confidence >= language.High
}

//go:embed messages/*.json
var messageFiles embed.FS

// messages is filled once; the files are part of the binary, so a fault in them is a fault of the build.
var messages = func() map[Lang]map[string]string {
	all := map[Lang]map[string]string{}
	for _, l := range Languages() {
		raw, err := messageFiles.ReadFile(path.Join("messages", string(l)+".json"))
		if err != nil {
			panic(err)
		}
		m := map[string]string{}
		if err := json.Unmarshal(raw, &m); err != nil {
			panic(fmt.Errorf("messages/%s.json: %w", l, err))
		}
		all[l] = m
	}
	return all
}()

// Say gives the message of that key with its {arguments} filled in, in English where the language has none.
// A key nobody wrote gives an empty text; a test keeps the files complete.
func Say(l Lang, key string, args map[string]string) string {
	text, ok := messages[l][key]
	if !ok {
		text = messages[English][key]
	}
	return Fill(text, args)
}

// Fill puts the arguments in place of {name}.
func Fill(text string, args map[string]string) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		value, known := args[name]
		if !closed || !known { // a brace is just a brace
			b.WriteString("{")
			text = rest
			continue
		}
		b.WriteString(value)
		text = after
	}
}
