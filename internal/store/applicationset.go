package store

import (
	"slices"
	"strconv"
	"strings"
)

// set is a condition whose index has the order of no list: a verdict, or words.
type set struct {
	from  string    // FROM clause that begins with the set's own index and leads to application a
	found condition // what joins them; the arguments are also those of from
	asked condition // the same, of a row that was found otherwise
	own   condition // FROM and WHERE of the set's own index alone
	size  int       // as far as it matters; 0 if nobody counted
	small bool      // so small that it is worth gathering
}

func (l *listing) addVerdict() {
	args := []any{l.f.Type, string(l.f.Verdict)}
	const is = "v.type_slug = " + textArg + " AND v.verdict = " + textArg
	l.sets = append(l.sets, set{
		from:  "verdict v CROSS JOIN application a",
		found: condition{is + " AND a.seq = v.application_seq", args},
		asked: exists(condition{"verdict v WHERE v.application_seq = a.seq AND " + is, args}),
		own:   condition{"verdict v WHERE " + is, args},
	})
}

// addWords makes one set of all terms: each must be found, in one of its forms.
func (l *listing) addWords() error {
	terms, few, err := l.terms()
	if err != nil {
		return err
	}
	if len(terms) == 0 {
		l.nothing = true // nothing but punctuation: no such word
		return nil
	}
	own, asked := condition{"search_word w WHERE w.word IN ?", []any{terms[0]}}, condition{}
	for n, forms := range terms {
		if n > 0 {
			own = and(own, hasWord("w.person_seq", forms))
		}
		asked = and(asked, hasWord("a.person_seq", forms))
	}
	l.sets = append(l.sets, set{
		from:  "(SELECT DISTINCT w.person_seq FROM " + own.text + ") f CROSS JOIN application a",
		found: condition{"a.person_seq = f.person_seq", own.args},
		asked: asked, own: own, small: few,
	})
	return nil
}

func hasWord(person string, forms []blob) condition {
	// By equality SQLite would look among the words of people, which lie scattered, instead of the people of a word.
	is := "o.person_seq BETWEEN " + person + " AND " + person
	return exists(condition{"search_word o WHERE o.word IN ? AND " + is, []any{forms}})
}

// exists asks of one row at a time. Without OFFSET PostgreSQL may join instead, and before it has statistics it joins
// badly.
func exists(c condition) condition {
	return condition{"EXISTS (SELECT 1 FROM " + c.text + " LIMIT 1 OFFSET 0)", c.args}
}

// terms gives the terms of the search as the index has them, the one first that fewest people have: who it finds is
// asked for the others. They may be so few that there is no need to count how many are left.
func (l *listing) terms() (terms [][]blob, few bool, err error) {
	for _, words := range searchTerms(l.f.Search) {
		var forms []blob
		for _, w := range words {
			forms = append(forms, l.tx.db.cfg.Sealing.Index(w.kind, w.word))
		}
		if len(forms) == 1 {
			forms = append(forms, forms[0]) // SQLite makes IN (?) an =, and that has to do with textArg
		}
		terms = append(terms, forms)
	}
	if len(terms) < 2 {
		return terms, false, nil
	}
	sizes := map[*blob]int{}
	for _, forms := range terms {
		sizes[&forms[0]], err = l.size(condition{"search_word w WHERE w.word IN ?", []any{forms}}, several)
		if err != nil {
			return nil, false, err
		}
	}
	slices.SortStableFunc(terms, func(a, b []blob) int { return sizes[&a[0]] - sizes[&b[0]] })
	return terms, sizes[&terms[0][0]] < several, nil
}

// size counts the rows of a FROM and WHERE, up to most.
func (l *listing) size(of condition, most int) (n int, err error) {
	err = l.tx.g.Raw("SELECT count(*) FROM (SELECT 1 FROM "+of.text+" LIMIT "+strconv.Itoa(most)+") s", of.args...).
		Row().Scan(&n)
	return n, err
}

// measure says how large the sets are, as far as that matters. In the order of change, people lie scattered and asking
// each row costs more, so more is worth gathering.
func (l *listing) measure() (err error) {
	few := countedTo
	if l.order.changed() {
		few = 2 * countedTo
	}
	for n := range l.sets {
		s := &l.sets[n]
		if s.small {
			continue
		}
		if s.size, err = l.size(s.own, few); err != nil {
			return err
		}
		s.small = s.size < few
		l.nothing = l.nothing || s.size == 0
	}
	return nil
}

// rarest is the smallest set that is worth gathering, or nil.
func (l *listing) rarest() *set {
	var rarest *set
	for n := range l.sets {
		if s := &l.sets[n]; s.small && (rarest == nil || s.size < rarest.size) {
			rarest = s
		}
	}
	return rarest
}

// alone is the set that the filter consists of, or nil.
func (l *listing) alone() *set {
	if len(l.sets) != 1 || len(l.f.States)+len(l.f.Languages) > 0 || l.f.Safety != "" || l.timed() {
		return nil
	}
	return &l.sets[0]
}

// searched says whether there is anything in a search but spaces.
func searched(search string) bool { return strings.TrimSpace(search) != "" }
