package seal

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a word to the form in which it is found however it was typed: lower case, without diacritics, Arabic ya
// and kaf as Persian, without joiners and direction marks.
func Fold(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(text)) {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r), r == 'ـ':
			continue
		case r == 'ي', r == 'ى':
			r = 'ی'
		case r == 'ك':
			r = 'ک'
		case r == 'ł':
			r = 'l'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Words splits a text into its folded words, each once.
func Words(text string) []string {
	var once []string
	seen := map[string]bool{}
	for _, w := range strings.FieldsFunc(Fold(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	}) {
		if !seen[w] {
			seen[w] = true
			once = append(once, w)
		}
	}
	return once
}
