package account_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"grupa/internal/account"
	"grupa/internal/fault"
)

// codes are the fields at fault, each as path and code.
func codes(err error) (all []string) {
	e := fault.Of(err)
	if e == nil {
		return nil
	}
	for _, f := range e.Fields {
		all = append(all, f.Path+":"+f.Code)
	}
	return all
}

func refused(t *testing.T, what string, err error, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, codes(err)); diff != "" || (err != nil) != (len(want) > 0) {
		t.Errorf("%s: %v (-want +got):\n%s", what, err, diff)
	}
}

func TestTextsThatNoPersonTypesAreRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "plain": "", "two\nlines\r\n\ttab": "", "سلام می‌کنم": "", "🙂": "", strings.Repeat("ا", 20): "",
		"\x00": "control", "a\x1bb": "control", "\u0085": "control", "\x7f": "control",
		"a\xffb": "utf8", "\xed\xa0\x80": "utf8",
		strings.Repeat("ا", 21): "too_long", strings.Repeat("a", 1000): "too_long",
	} {
		var all []string
		if want != "" {
			all = []string{"text:" + want}
		}
		refused(t, text, account.CheckText("text", text, 20), all...)
	}
	for _, text := range []string{"a\nb", "a\r", "\u2028", "a\u2029b", "Subject: x\r\nBcc: y"} {
		refused(t, text, account.CheckLine("line", text, 20), "line:one_line")
	}
	refused(t, "one line", account.CheckLine("line", "one line", 20))
	refused(t, "a long line", account.CheckLine("line", strings.Repeat("x", 21), 20), "line:too_long")
}

func FuzzCheckText(f *testing.F) {
	for _, seed := range []string{"", "a\x00", "\xff", "\u2028", "سلام", strings.Repeat("x", 30)} {
		f.Add(seed, 20)
	}
	f.Fuzz(func(t *testing.T, text string, most int) {
		if account.CheckLine("x", text, most) != nil {
			return
		}
		if account.CheckText("x", text, most) != nil {
			t.Errorf("%q is a line and not a text", text)
		}
		if !utf8.ValidString(text) || utf8.RuneCountInString(text) > max(most, 0) {
			t.Errorf("%q was taken", text)
		}
		for _, r := range text {
			if unicode.IsControl(r) && r != '\t' {
				t.Errorf("%q was taken with %U", text, r)
			}
		}
	})
}

func TestAContactThatReachesNobodyIsRefused(t *testing.T) {
	t.Parallel()
	good := account.Contact{Name: "Anna", Email: "anna@example.org", Phone: "+48 600 000 000", Reach: account.ReachEmail}
	with := func(change func(c *account.Contact)) account.Contact {
		c := good
		change(&c)
		return c
	}
	long := strings.Repeat("x", 2000)
	for _, row := range []struct {
		what    string
		contact account.Contact
		want    []string
	}{
		{"good", good, nil},
		{"never", account.Contact{Name: "A", Reach: account.ReachNone}, nil},
		{"nothing", account.Contact{}, []string{"name:required", "reach:choice"}},
		{"blank name", with(func(c *account.Contact) { c.Name = " \t" }), []string{"name:required"}},
		{"no mail address", with(func(c *account.Contact) { c.Email = "" }), []string{"email:required"}},
		{"no phone", with(func(c *account.Contact) { c.Reach, c.Phone = account.ReachPhone, "" }),
			[]string{"phone:required"}},
		{"no phone for texts", with(func(c *account.Contact) { c.Reach, c.Phone = account.ReachText, "" }),
			[]string{"phone:required"}},
		{"another way", with(func(c *account.Contact) { c.Reach = "pigeon" }), []string{"reach:choice"}},
		{"too long", account.Contact{Name: long, Email: long, Phone: long, Note: long, Reach: account.ReachEmail},
			[]string{"name:too_long", "email:too_long", "phone:too_long", "note:too_long"}},
		{"a header slipped in", with(func(c *account.Contact) { c.Name, c.Email = "A\r\nBcc: x", "a@b.c\nBcc: x" }),
			[]string{"name:one_line", "email:one_line"}},
		{"a phone of two lines", with(func(c *account.Contact) { c.Phone = "1\n2" }), []string{"phone:one_line"}},
		{"a note of two lines", with(func(c *account.Contact) { c.Note = "after six\nnot on Fridays" }), nil},
	} {
		refused(t, row.what, row.contact.Check(), row.want...)
	}
}
