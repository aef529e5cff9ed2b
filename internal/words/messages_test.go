package words_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"grupa/internal/words"
)

// read gives the messages of one language as the file has them.
func read(t *testing.T, lang words.Lang) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("messages", string(lang)+".json"))
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	if len(m) < 100 {
		t.Fatalf("%s: only %d messages", lang, len(m))
	}
	return m
}

func TestFilesAreWrittenInOneWaySoThatChangesStaySmall(t *testing.T) {
	t.Parallel()
	for _, l := range words.Languages() {
		raw, err := os.ReadFile(filepath.Join("messages", string(l)+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var tidy bytes.Buffer
		e := json.NewEncoder(&tidy)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(read(t, l)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tidy.String(), string(raw)); diff != "" { // finds a key that is there twice, too
			t.Errorf("%s.json is not sorted, indented by two and unescaped (-want +got):\n%s", l, diff)
		}
	}
}

func TestEveryLanguageSaysEveryMessageWithTheSameArguments(t *testing.T) {
	t.Parallel()
	english := read(t, words.English)
	for _, l := range words.Languages() {
		messages := read(t, l)
		for key, text := range english {
			if strings.TrimSpace(messages[key]) == "" {
				t.Errorf("%s has no %s", l, key)
			}
			if diff := cmp.Diff(gaps(text), gaps(messages[key])); diff != "" {
				t.Errorf("%s: the arguments of %s (-en +%s):\n%s", l, key, l, diff)
			}
		}
		for key, text := range messages {
			if _, ok := english[key]; !ok {
				t.Errorf("%s has %s, which English does not have", l, key)
			}
			if key != "list.separator" && strings.TrimSpace(text) != text || strings.Contains(text, "  ") {
				t.Errorf("%s: spaces in %s: %q", l, key, text)
			}
			if strings.ContainsAny(gap.ReplaceAllString(text, ""), "{}") {
				t.Errorf("%s: a brace that nobody fills in %s: %q", l, key, text)
			}
		}
	}
}

// sameAsEnglish lists the texts that are rightly equal to the English one, each with its reason.
func sameAsEnglish() map[string]string {
	return map[string]string{
		"pl list.separator": "a comma and a space",
		"lv list.separator": "a comma and a space",
	}
}

func TestNoMessageIsLeftInEnglish(t *testing.T) {
	t.Parallel()
	english := read(t, words.English)
	for _, l := range words.Languages()[1:] {
		for key, text := range read(t, l) {
			place := string(l) + " " + key
			same := text == english[key]
			if listed := sameAsEnglish()[place] != ""; same != listed {
				t.Errorf("%s: equal to English: %v, listed as such: %v: %q", place, same, listed, text)
			}
		}
	}
}

func TestStatesOfAnApplicationCanBeToldApart(t *testing.T) {
	t.Parallel()
	for _, l := range words.Languages() {
		seen := map[string]string{}
		for key, text := range read(t, l) {
			family, _, _ := strings.Cut(key, ".")
			if family != "state" && family != "verdict" && family != "answer" && family != "title" {
				continue
			}
			if other := seen[text]; other != "" {
				t.Errorf("%s: %s and %s say the same: %s", l, key, other, text)
			}
			seen[text] = key
		}
	}
}
