package words_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

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

func TestPersianIsInPersianScript(t *testing.T) {
	t.Parallel()
	for key, text := range read(t, words.Persian) {
		if strings.ContainsAny(text, "يىكةؤ٠١٢٣٤٥٦٧٨٩") {
			t.Errorf("%s has a letter or digit that Persian does not use: %s", key, text)
		}
		// Where nobody says the direction, it is taken from the first letter.
		first := strings.IndexFunc(text, unicode.IsLetter)
		if key != "list.separator" && (first < 0 || !unicode.Is(unicode.Arabic, []rune(text[first:])[0])) {
			t.Errorf("%s does not begin with a Persian letter: %s", key, text)
		}
		// Without an isolate, the parts of 2026-10-06 come in the wrong order after a Persian word.
		bare := regexp.MustCompile("\u2066[^\u2066\u2069]*\u2069").ReplaceAllString(text, "")
		if strings.ContainsAny(bare, "\u2066\u2069") || regexp.MustCompile(`\{date\}|\d-\d|→`).MatchString(bare) {
			t.Errorf("%s has a date or an arrow that is not isolated: %q", key, text)
		}
	}
	for _, l := range []words.Lang{words.English, words.Polish, words.Latvian} {
		for key, text := range read(t, l) {
			if strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Arabic, unicode.Cyrillic) }) {
				t.Errorf("%s: %s has a letter of another script: %s", l, key, text)
			}
		}
	}
}

// slips are mistakes that a machine can see, each with one that its pattern has to see.
func slips() []struct {
	langs   []words.Lang
	pattern string
	example string
} {
	all := words.Languages()
	polish, latvian, persian := all[1:2], all[2:3], all[3:]
	return []struct {
		langs   []words.Lang
		pattern string
		example string
	}{
		{all, `[!"]`, "Welcome!"},
		{all, `\s[.,;:?،؛؟]`, "well ."},
		{all, `\pL[,;?،؛؟]\pL`, "so,then"},
		{polish, `(?i)ł[ea][śm](\P{L}|$)|\(a\)|/a(\P{L}|$)`, "Czy byłaś tu?"},
		{polish, `(^|\P{L})(Pan(i|em|ią|u|a)?|Państw\pL*)(\P{L}|$)`, "Czy Pani"},
		{polish, `(^|[\s(])(ty|ci|cię|tob[aą]|tobie|twoj\pL*|twój)(\P{L}|$)`, "co cię"},
		{latvian, `(^|[\s(])j(ūs|ums|ūsu)(\P{L}|$)`, "vai jums"},
		{persian, `[,;?]`, "چرا?"},
		{persian, `(^|[\s«(])ن?می\s`, "من می خواهم"},
		{persian, `\sها(ی|یی|یم|یت|یش|شان)?([\s.،؛؟]|$)`, "گروه ها"},
		{persian, `\sتر(ین)?([\s.،؛؟]|$)`, "سبک تر"},
		{persian, `ه\s(ام|ای|ایم|اید|اند)([\s.،؛؟]|$)`, "گفته اند"},
		{persian, "(^|[\\s.،؛؟«(])\u200c|\u200c([\\s.،؛؟»)\u200c]|$)", "می\u200c خواهم"},
	}
}

func TestMessagesAreFreeOfCommonSlips(t *testing.T) {
	t.Parallel()
	for _, slip := range slips() {
		pattern := regexp.MustCompile(slip.pattern)
		if !pattern.MatchString(slip.example) {
			t.Errorf("%s does not see %q", slip.pattern, slip.example)
		}
		for _, l := range slip.langs {
			for key, text := range read(t, l) {
				if key != "list.separator" && pattern.MatchString(text) {
					t.Errorf("%s: %s has %s: %s", l, key, pattern.FindString(text), text)
				}
			}
		}
	}
}

// technical are words that only a program's author knows; a person who fills the form never reads them.
var technical = regexp.MustCompile(`(?i)json|utf-8|etag|if-match|content-|idempotency|query|cursor|null|token|/docs`)

func TestWhatAnApplicantMeetsHasNoTechnicalWord(t *testing.T) {
	t.Parallel()
	keys := []string{
		"problem.already_member", "problem.denied", "problem.internal", "problem.invalid", "problem.not_found",
		"problem.offer_over", "problem.seat_taken", "problem.step_not_allowed", "problem.stopping", "problem.storage",
		"problem.too_large", "problem.you_have_another_session", "field.choice", "field.clock", "field.consent_missing",
		"field.consent_version", "field.control", "field.email", "field.form_version", "field.one_choice",
		"field.one_line", "field.quarter", "field.range", "field.required", "field.required_answer", "field.too_long",
		"field.time_zone",
	}
	for _, l := range words.Languages() {
		for key, text := range read(t, l) {
			family, _, _ := strings.Cut(key, ".")
			plain := slices.Contains(keys, key) || family != "problem" && family != "field"
			if found := technical.FindString(text); plain && found != "" {
				t.Errorf("%s: %s says %q: %s", l, key, found, text)
			}
		}
	}
	for _, key := range keys {
		if _, ok := read(t, words.English)[key]; !ok {
			t.Errorf("%s is listed here and no message", key)
		}
	}
}
