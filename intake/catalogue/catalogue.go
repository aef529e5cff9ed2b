// Package catalogue owns the data that Grupa ships with: the vocabularies of group work, the twelve group types with
// their criteria, the intake form, and the default help contacts, all of our own wording in every language. It leaves
// out what they mean: package intake parses types, forms and contacts, checks their criteria, and keeps later versions.
package catalogue

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"grupa/internal/words"
)

//go:embed vocabularies/*.json types/*.json forms/*.json help/*.json
var files embed.FS

// TypeFiles gives the raw JSON of every group type by its slug. The caller owns the map and the bytes.
func TypeFiles() map[string][]byte { return folder("types") }

// FormFiles gives the raw JSON of every form by its slug. The caller owns the map and the bytes.
func FormFiles() map[string][]byte { return folder("forms") }

// HelpFiles gives the raw JSON of the default help contacts by language. They are a start and may be out of date: each
// file says when it was last checked, and whoever runs the server has to confirm or replace them.
func HelpFiles() map[words.Lang][]byte {
	all := map[words.Lang][]byte{}
	for name, raw := range folder("help") {
		all[words.Lang(name)] = raw
	}
	return all
}

// folder reads the files of one embedded folder, by name without ".json". They are part of the binary, so one that
// can't be read is a fault of the build.
func folder(name string) map[string][]byte {
	entries, err := files.ReadDir(name)
	if err != nil {
		panic(fmt.Errorf("catalogue: %w", err))
	}
	all := make(map[string][]byte, len(entries))
	for _, e := range entries {
		raw, err := files.ReadFile(path.Join(name, e.Name()))
		if err != nil {
			panic(fmt.Errorf("catalogue: %w", err))
		}
		all[strings.TrimSuffix(e.Name(), ".json")] = raw
	}
	return all
}

// Version gives the version that a form's or a type's file says it is, without reading the rest.
func Version(raw []byte) (int, error) {
	var head struct {
		Version int `json:"version"`
	}
	err := json.Unmarshal(raw, &head)
	return head.Version, err
}
