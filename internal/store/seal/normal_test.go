package seal_test

import (
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"grupa/internal/store/seal"
)

func TestAWordIsFoundHoweverItWasTyped(t *testing.T) {
	t.Parallel()
	for _, row := range [][]string{
		{"علی", "علي", "على", "عَلی", "ع‌لی", "عـلی"}, // Persian and Arabic ya, vowel sign, non-joiner, stretched
		{"کریم", "كریم", "كريم"},
		{"رضا", "رضا\u200f", "\u202bرضا"},
		{"آرش", "ارش", "ا\u0653رش"},
		{"łucja", "Łucja", "LUCJA", "lucja"},
		{"żółć", "ZOLC", "zolc", "z\u0307o\u0301łc\u0301"},
		{"ģirts ķēniņš", "girts kenins", "GIRTS KENINS"},
		{"ŠĻŪŽ", "sluz"},
		{"é", "e\u0301", "E"},
		{"ﬁn", "fin", "FIN"}, {"Ａnna", "anna"}, {"𝐀nna", "anna"},
		{"ﻋﻠﻲ", "علی"}, // shapes of letters, as old systems wrote them
	} {
		for _, text := range row[1:] {
			if got, want := seal.Fold(text), seal.Fold(row[0]); got != want {
				t.Errorf("%q is %q, and %q is %q", text, got, row[0], want)
			}
		}
	}
	for _, row := range [][2]string{{"رضا", "رضی"}, {"anna", "hanna"}, {"ola", "olo"}, {"", "a"}} {
		if seal.Fold(row[0]) == seal.Fold(row[1]) {
			t.Errorf("%q and %q are taken for the same", row[0], row[1])
		}
	}
}

func TestFoldingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if once := seal.Fold(string(r)); seal.Fold(once) != once {
			t.Errorf("%U is %q, and then %q", r, once, seal.Fold(once))
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.String().Draw(r, "text")
		if once := seal.Fold(text); seal.Fold(once) != once {
			r.Fatalf("%q is %q, and then %q", text, once, seal.Fold(once))
		}
	})
}

func TestATextIsSplitIntoItsWordsOnceEach(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Łucja Ōzoliņa-Kāle":   {"lucja", "ozolina", "kale"},
		"Anna  anna, ANNA":     {"anna"},
		"می‌نا محمدی":          {"مینا", "محمدی"},
		"O'Neill (Jr.) 2":      {"o", "neill", "jr", "2"},
		"":                     nil,
		" - ' \u200c ":         nil,
		"Name\nwith\tspaces\r": {"name", "with", "spaces"},
	} {
		if diff := cmp.Diff(want, seal.Words(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}
