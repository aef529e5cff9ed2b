package catalogue

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"

	"grupa/internal/words"
)

// text is one text of the files in its languages, with the place it was found.
type text struct {
	place string
	in    map[string]any
}

// texts walks every file but the help contacts, which are in one language each.
func texts(t *testing.T) []text {
	t.Helper()
	var all []text
	for _, name := range []string{"vocabularies", "types", "forms"} {
		for file, raw := range folder(name) {
			var v any
			if err := json.Unmarshal(raw, &v); err != nil {
				t.Fatalf("%s/%s: %v", name, file, err)
			}
			all = append(all, textsIn(name+"/"+file, v)...)
		}
	}
	if len(all) < 600 {
		t.Fatalf("only %d texts found: the walk is broken", len(all))
	}
	return all
}

// textKeys are the keys whose value has to be a text.
func textKeys() []string {
	return []string{"name", "summary", "title", "intro", "text", "help", "met", "not_met", "unknown", "applicant_note"}
}

func textsIn(place string, v any) []text {
	var all []text
	switch v := v.(type) {
	case []any:
		for i, part := range v {
			all = append(all, textsIn(fmt.Sprintf("%s[%d]", place, i), part)...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			in, isMap := v[key].(map[string]any)
			switch policy := key == "unknown" && !isMap; {
			case slices.Contains(textKeys(), key) && !policy:
				all = append(all, text{place + "." + key, in})
			default:
				all = append(all, textsIn(place+"."+key, v[key])...)
			}
		}
	}
	return all
}

func TestEveryTextIsThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, x := range texts(t) {
		for _, l := range words.Languages() {
			s, ok := x.in[string(l)].(string)
			if !ok || s == "" || strings.TrimSpace(s) != s || strings.Contains(s, "  ") {
				t.Errorf("%s: %q is no text in %s", x.place, s, l)
			}
		}
		if len(x.in) != len(words.Languages()) {
			t.Errorf("%s: has languages that nobody knows: %v", x.place, slices.Sorted(maps.Keys(x.in)))
		}
	}
}

// sameAsEnglish lists the texts that are rightly equal to the English one, each with its reason.
func sameAsEnglish() map[string]string {
	return map[string]string{
		"pl Psychodrama": "Polish writes the Greek word like English",
		"lv Process":     "the Latvian word is spelt like the English one",
	}
}

func TestNoTextIsLeftInEnglish(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, x := range texts(t) {
		for _, l := range words.Languages()[1:] {
			if x.in[string(l)] != x.in["en"] {
				continue
			}
			key := fmt.Sprintf("%s %v", l, x.in[string(l)])
			used[key] = true
			if sameAsEnglish()[key] == "" {
				t.Errorf("%s: %s is equal to English: %v", x.place, l, x.in["en"])
			}
		}
	}
	for key := range sameAsEnglish() {
		if !used[key] {
			t.Errorf("%q is not in use any more", key)
		}
	}
}

func hasLetters(s string, script *unicode.RangeTable) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(script, r) && unicode.IsLetter(r) })
}

func TestPersianIsWrittenWithPersianLettersAndAlphabetsAreNotMixed(t *testing.T) {
	t.Parallel()
	for _, x := range texts(t) {
		for _, l := range words.Languages() {
			s := strings.ReplaceAll(fmt.Sprint(x.in[string(l)]), "{answer}", "")
			arabic, latin := hasLetters(s, unicode.Arabic), hasLetters(s, unicode.Latin)
			if arabic != (l == words.Persian) || latin == (l == words.Persian) {
				t.Errorf("%s: %s is in the wrong script: %s", x.place, l, s)
			}
		}
	}
}

func TestOnlyTheAnswerIsFilledIn(t *testing.T) {
	t.Parallel()
	for _, x := range texts(t) {
		quotes := 0
		for _, l := range words.Languages() {
			s := fmt.Sprint(x.in[string(l)])
			quotes += strings.Count(s, "{answer}")
			if strings.ContainsAny(strings.ReplaceAll(s, "{answer}", ""), "{}") {
				t.Errorf("%s: %s has a gap that nobody fills: %s", x.place, l, s)
			}
		}
		if quotes != 0 && quotes != len(words.Languages()) {
			t.Errorf("%s: not every language quotes the answer", x.place)
		}
		if quotes != 0 && !strings.HasSuffix(x.place, "met") {
			t.Errorf("%s: quotes an answer where there may be none", x.place)
		}
	}
}
