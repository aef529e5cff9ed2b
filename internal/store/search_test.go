package store_test

import (
	"strings"
	"testing"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store/seal"
	"grupa/internal/store/storetest"
)

// named submits a form of someone with that name and mail address.
func named(s *storetest.Store, name, email string) storetest.Person {
	f := storetest.Filled(name)
	f.Answers[len(f.Answers)-1].Answer.Contact.Email = email
	return s.Apply(f)
}

func TestSearchFindsWholeWordsHoweverTheyAreTyped(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	people := map[string]storetest.Person{
		"lucja": named(s, "Łucja Ōzoliņa-Kāle", "l.ozolina+Form@Example.org"),
		"ali":   named(s, "علي كريمي", "ali@example.org"),
		"mina":  named(s, "می‌نا مُحَمَّدی", "mina@example.org"),
		"anna":  named(s, "Anna Kowalska", "anna@example.org"),
		"jan":   named(s, "Jan Nowak", "jan@example.org"),
	}
	for _, row := range []struct{ search, want string }{
		{"Łucja", "lucja"}, {"lucja", "lucja"}, {"LUCJA", "lucja"}, {"ozolina", "lucja"}, {"Ōzoliņa-Kāle", "lucja"},
		{"kale lucja", "lucja"}, {"luc", ""}, {"ozolin", ""}, {"ucja", ""}, {"lucja nowak", ""},
		{"L.OZOLINA+form@example.ORG", "lucja"}, {"lucja l.ozolina+form@example.org", "lucja"},
		{"example", ""}, {"example.org", ""}, {"@example.org", ""}, {"form@example.org", ""}, {"l.ozolina", ""},
		{"علی کریمی", "ali"}, {"علي", "ali"}, {"كريمي", "ali"}, {"کریم", ""},
		{"مینا", "mina"}, {"می‌نا", "mina"}, {"محمدی", "mina"}, {"نا", ""},
		{"Kowalska", "anna"}, {"anna kowalska", "anna"}, {"kowalski", ""}, // eight letters, as a reference has
		{"Jan Nowak", "jan"}, {"nowak jan", "jan"}, {"jan", "jan"}, // eight letters together
		{"-", ""}, {"' OR 1=1 --", ""}, {"%", ""}, {"*", ""},
	} {
		var want []intake.ApplicationID
		if row.want != "" {
			want = append(want, people[row.want].Application)
		}
		equal(t, row.search, found(t, s, c, intake.Filter{Search: row.search}), want)
	}
	equal(t, "nothing but spaces is no search", len(found(t, s, c, intake.Filter{Search: "  "})), len(people))
}

func TestSearchFindsAReferenceHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	p := s.Apply(storetest.Filled("One"))
	s.Apply(storetest.Filled("Other"))
	first, last, _ := strings.Cut(p.Reference, "-")
	sloppy := strings.NewReplacer("0", "o", "1", "L").Replace(strings.ToLower(p.Reference))
	for _, search := range []string{
		p.Reference, first + last, strings.ToLower(p.Reference), first + " " + last, "  " + first + "–" + last + " ", sloppy,
		"one " + p.Reference, first + last + " One",
	} {
		equal(t, search, found(t, s, c, intake.Filter{Search: search}), []intake.ApplicationID{p.Application})
	}
	for _, search := range []string{first, last, last + "-" + first, p.Reference + "0", "other " + p.Reference} {
		if last+first == first+last && search == last+"-"+first {
			continue
		}
		equal(t, search, found(t, s, c, intake.Filter{Search: search}), nil)
	}
}

func TestSomebodyWhoIsFoundInTwoWaysIsListedOnce(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	c, _ := s.Staff("a@example.org", account.Coordinator)
	p := s.Apply(storetest.Filled("One"))
	keyring, err := seal.New(storetest.Key())
	noError(t, err)
	// The name that they would have to have for it is no name.
	exec(t, raw(t, s.Database), `INSERT INTO search_word (word, person_seq)
		SELECT ?, person_seq FROM application`, keyring.Index("word", seal.Fold(strings.ReplaceAll(p.Reference, "-", ""))))
	joined := strings.ReplaceAll(p.Reference, "-", "")
	equal(t, joined, found(t, s, c, intake.Filter{Search: joined}), []intake.ApplicationID{p.Application})
}
