package words_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"grupa/internal/words"
)

func TestMatchPicksTheLanguageThatIsAskedForAndSaysWhenThereIsNone(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]struct {
		lang words.Lang
		ok   bool
	}{
		"en":                              {words.English, true},
		"en-GB":                           {words.English, true},
		"en-US,en;q=0.9":                  {words.English, true},
		"pl":                              {words.Polish, true},
		"pl-PL,pl;q=0.9,en-US;q=0.8":      {words.Polish, true},
		"lv-LV":                           {words.Latvian, true},
		"fa-IR,fa;q=0.9":                  {words.Persian, true},
		"fa-AF":                           {words.Persian, true},
		"de,pl;q=0.5":                     {words.Polish, true},
		"de-DE,lv;q=0.7,en;q=0.3":         {words.Latvian, true},
		"en;q=0.1,fa;q=0.9":               {words.Persian, true},
		"de":                              {words.English, false},
		"zh-Hant-TW":                      {words.English, false},
		"":                                {words.English, false},
		"*":                               {words.English, false},
		";;;,,,===":                       {words.English, false},
		"\x00\xff":                        {words.English, false},
		"pl-" + strings.Repeat("x", 2000): {words.English, false},
	} {
		if lang, ok := words.Match(header); ok != want.ok || ok && lang != want.lang {
			t.Errorf("Match(%q) = %s, %v, want %s, %v", header, lang, ok, want.lang, want.ok)
		}
	}
}

func TestMatchTakesAnythingAClientSends(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		likely := rapid.StringMatching(`([a-z]{1,8}(-[A-Za-z0-9]{1,8})?(;q=[01]\.[0-9])?,?){0,6}`)
		header := rapid.OneOf(rapid.String(), likely)
		if lang, _ := words.Match(header.Draw(t, "header")); !words.Known(string(lang)) {
			t.Fatalf("%q is none of our languages", lang)
		}
	})
}

func TestKnownTakesOnlyOurTags(t *testing.T) {
	t.Parallel()
	for _, l := range words.Languages() {
		if !words.Known(string(l)) {
			t.Errorf("%s is not known", l)
		}
	}
	for _, tag := range []string{"", "de", "EN", "en-GB", "pl ", "fa\n"} {
		if words.Known(tag) {
			t.Errorf("%q is known", tag)
		}
	}
}

func TestFillPutsArgumentsInAndLeavesTheRest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		args map[string]string
		want string
	}{
		{"From {min} to {max}.", map[string]string{"min": "1", "max": "52"}, "From 1 to 52."},
		{"{a}{a} {b}", map[string]string{"a": "x"}, "xx {b}"},
		{"No gap", map[string]string{"a": "x"}, "No gap"},
		{"{a}", nil, "{a}"},
		{"{a}", map[string]string{"a": ""}, ""},
		{"{a} {b}", map[string]string{"a": "{b}", "b": "{a}"}, "{b} {a}"}, // what is put in is not read again
		{"پاسخ: {answer}.", map[string]string{"answer": "بله"}, "پاسخ: بله."},
	} {
		if got := words.Fill(c.text, c.args); got != c.want {
			t.Errorf("Fill(%q, %v) = %q, want %q", c.text, c.args, got, c.want)
		}
	}
}

func TestSayFillsTheMessageOfTheLanguageOrTheEnglishOne(t *testing.T) {
	t.Parallel()
	args := map[string]string{"summary": "Judo"}
	for lang, want := range map[words.Lang]string{
		words.English: "Cancelled: Judo", words.Polish: "Odwołane: Judo", words.Latvian: "Nenotiks: Judo",
		words.Persian: "لغو شد: Judo", "de": "Cancelled: Judo", "": "Cancelled: Judo",
	} {
		if got := words.Say(lang, "feed.cancelled", args); got != want {
			t.Errorf("%q says %q, want %q", lang, got, want)
		}
	}
	if got := words.Say(words.Polish, "no.such_key", nil); got != "" {
		t.Errorf("a key that nobody wrote says %q", got)
	}
}

func TestNumbersAreInTheDigitsOfTheLanguage(t *testing.T) {
	t.Parallel()
	for n, persian := range map[int64]string{
		0: "۰", 7: "۷", 1234567890: "۱۲۳۴۵۶۷۸۹۰", -15: "-۱۵", math.MinInt64: "-۹۲۲۳۳۷۲۰۳۶۸۵۴۷۷۵۸۰۸",
	} {
		if got := words.Number(words.Persian, n); got != persian {
			t.Errorf("%d is %q in Persian, want %q", n, got, persian)
		}
	}
	for _, l := range []words.Lang{words.English, words.Polish, words.Latvian} {
		if got := words.Number(l, -1234); got != "-1234" {
			t.Errorf("-1234 is %q in %s", got, l)
		}
	}
}

func TestOnlyPersianRunsFromRightToLeft(t *testing.T) {
	t.Parallel()
	got := map[words.Lang]string{}
	for _, l := range words.Languages() {
		got[l] = l.Direction()
	}
	want := map[words.Lang]string{"en": "ltr", "pl": "ltr", "lv": "ltr", "fa": "rtl"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTextFallsBackToEnglishAndTellsWhatIsMissing(t *testing.T) {
	t.Parallel()
	text := words.Text{"en": "room", "pl": "sala", "lv": " "}
	if got := text.In(words.Polish) + " " + text.In(words.Persian); got != "sala room" {
		t.Errorf("got %q", got)
	}
	if diff := cmp.Diff([]words.Lang{words.Latvian, words.Persian}, text.Missing()); diff != "" {
		t.Error(diff)
	}
	if missing := (words.Text{"en": "a", "pl": "b", "lv": "c", "fa": "d"}).Missing(); missing != nil {
		t.Errorf("%v missing of a whole text", missing)
	}
}
