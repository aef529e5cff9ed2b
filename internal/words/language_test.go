package words_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"grupa/internal/words"
)

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
		// Without an isolate, the parts of 2026-10-06 and of /docs come in the wrong order after a Persian word.
		bare := regexp.MustCompile("\u2066[^\u2066\u2069]*\u2069").ReplaceAllString(text, "")
		if strings.ContainsAny(bare, "\u2066\u2069") || regexp.MustCompile(`\{date\}|\d-\d|→|/docs`).MatchString(bare) {
			t.Errorf("%s has a date, an arrow or a path that is not isolated: %q", key, text)
		}
	}
	for _, l := range []words.Lang{words.English, words.Polish, words.Latvian} {
		for key, text := range read(t, l) {
			if strings.ContainsFunc(text, isForeignLetter) {
				t.Errorf("%s: %s has a letter of another script: %s", l, key, text)
			}
		}
	}
}

func isForeignLetter(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Cyrillic, unicode.Greek)
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
