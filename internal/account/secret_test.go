package account_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"grupa/internal/account"
)

const code = "0123456789ABCDEFGHJKMNPQ"

func TestAReceiptIsReadHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	for what, text := range map[string]string{
		"as printed": "0123-4567-89AB-CDEF-GHJK-MNPQ", "plain": code, "small letters": strings.ToLower(code),
		"O for 0": "O123456789ABCDEFGHJKMNPQ", "o for 0": "o123456789ABCDEFGHJKMNPQ",
		"I for 1": "0I23456789ABCDEFGHJKMNPQ", "i for 1": "0i23456789ABCDEFGHJKMNPQ",
		"L for 1": "0L23456789ABCDEFGHJKMNPQ", "l for 1": "0l23456789ABCDEFGHJKMNPQ",
		"Persian digits": "۰۱۲۳-۴۵۶۷-۸۹AB-CDEF-GHJK-MNPQ", "Arabic digits": "٠١٢٣٤٥٦٧٨٩ABCDEFGHJKMNPQ",
		"spaces": " 0123 4567 89AB\tCDEF\u00a0GHJK\u202fMNPQ \r\n", "dashes": "0123‐4567‑89AB–CDEF—GHJK−MNPQ",
		"direction marks": "\u200f0123-4567\u200e-89AB-CDEF-GHJK-MNPQ\u2069\ufeff",
		"joiner":          "0123\u200c456789ABCDEFGHJKMNPQ",
	} {
		if got, ok := account.ParseReceipt(text); !ok || got != code {
			t.Errorf("%s: %q, %v", what, got, ok)
		}
	}
}

func TestWhatIsNoReceiptIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "0123", code + "0", code[1:], "U" + code[1:], "*" + code[1:], "é" + code[1:], code[1:] + "\xff",
		code[:12] + "\x00" + code[13:], code[:23] + "Ω", strings.Repeat("-", 300) + code, "0123_4567_89AB_CDEF_GHJK_MNPQ",
		"Ａ" + code[1:], "１" + code[1:],
	} {
		if got, ok := account.ParseReceipt(text); ok {
			t.Errorf("%q was read as %q", text, got)
		}
	}
}

// sloppily writes a code as a person may type it.
func sloppily(r *rapid.T, text string) string {
	var b strings.Builder
	for _, c := range text {
		forms := []string{string(c), strings.ToLower(string(c))}
		switch {
		case c == '0':
			forms = append(forms, "o", "O", "۰", "٠")
		case c == '1':
			forms = append(forms, "i", "I", "l", "L", "۱", "١")
		case c >= '2' && c <= '9':
			forms = append(forms, string('۰'+c-'0'), string('٠'+c-'0'))
		case c == '-':
			forms = []string{"", "-", " ", "–", " - ", "\u200c"}
		}
		b.WriteString(rapid.SampledFrom(forms).Draw(r, "form"))
	}
	return b.String()
}

func TestEveryNewReceiptIsReadBack(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	rapid.Check(t, func(r *rapid.T) {
		receipt := account.NewReceipt()
		want := strings.ReplaceAll(receipt, "-", "")
		if got, ok := account.ParseReceipt(sloppily(r, receipt)); !ok || got != want || len(receipt) != 29 || seen[want] {
			r.Fatalf("%s was read as %q, %v", receipt, got, ok)
		}
		seen[want] = true
		reference := account.NewReference()
		if got, ok := account.ParseReference(sloppily(r, reference)); !ok || got != reference || len(reference) != 9 {
			r.Fatalf("%s was read as %q, %v", reference, got, ok)
		}
	})
}

func TestAWordOfAnyLengthMayBeAskedForAsAReference(t *testing.T) {
	t.Parallel()
	for n := range 40 {
		text := strings.Repeat("A", n)
		if _, ok := account.ParseReference(text); ok != (n == 8) {
			t.Errorf("%d letters: %v", n, ok)
		}
	}
}

func TestTokensHaveTheirShapeAndAreNeverTheSame(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		token := account.NewToken(account.FeedPrefix)
		if !account.IsToken(token, account.FeedPrefix) || account.IsToken(token, account.TokenPrefix) || seen[token] {
			t.Fatal(token)
		}
		seen[token] = true
	}
	token := account.NewToken(account.TokenPrefix)
	for _, text := range []string{
		"", account.TokenPrefix, token + "a", token[:len(token)-1], strings.ToUpper(token), token[:len(token)-1] + "1",
		" " + token, token[:10] + "\x00" + token[11:], strings.Replace(token, "grpa_", "grpa-", 1),
	} {
		if account.IsToken(text, account.TokenPrefix) {
			t.Errorf("%q was taken for a token", text)
		}
	}
}

func FuzzParseReceipt(f *testing.F) {
	for _, seed := range []string{"", code, "o-I-l", "۰۱۲۳", "\xff", "\u200c", strings.Repeat("0", 201)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := account.ParseReceipt(text)
		if again, okAgain := account.ParseReceipt(got); ok && (!okAgain || again != got || len(got) != 24) {
			t.Errorf("%q is %q, and that is %q", text, got, again)
		}
		if ok && strings.Trim(got, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
			t.Errorf("%q is %q", text, got)
		}
		if reference, ok := account.ParseReference(text); ok && (len(reference) != 9 || reference[4] != '-') {
			t.Errorf("%q is %q", text, reference)
		}
		_ = account.IsToken(text, account.TokenPrefix) // must not panic
		if ok && !utf8.ValidString(text) {
			t.Errorf("%q is not UTF-8", text)
		}
	})
}
