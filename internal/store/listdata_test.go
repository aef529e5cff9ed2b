package store_test

import (
	"cmp"
	"database/sql"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"grupa/intake"
	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/seal"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// kept is an application as a list has to show it, and what else a filter may ask of it.
type kept struct {
	intake.Summary
	programme account.ProgrammeID
	words     []string
}

// wanted is the filter and the order by hand. The applications must be given in the order they came.
func wanted(all []kept, f intake.Filter, programmes ...account.ProgrammeID) (want []intake.Summary) {
	for _, k := range all {
		if (len(programmes) == 0 || slices.Contains(programmes, k.programme)) && k.passes(f) {
			want = append(want, k.Summary)
		}
	}
	if f.Sort != intake.OldestFirst && f.Sort != intake.FirstChanged {
		slices.Reverse(want)
	}
	slices.SortStableFunc(want, func(a, b intake.Summary) int {
		switch f.Sort {
		case intake.OldestFirst:
			return a.Submitted.Compare(b.Submitted)
		case intake.FirstChanged:
			return a.Updated.Compare(b.Updated)
		case intake.LastChangedFirst:
			return b.Updated.Compare(a.Updated)
		}
		return b.Submitted.Compare(a.Submitted)
	})
	return want
}

func (k kept) passes(f intake.Filter) bool {
	for _, word := range strings.Fields(f.Search) {
		if !slices.Contains(k.words, word) {
			return false
		}
	}
	said := intake.Said{Type: f.Type, Verdict: f.Verdict}
	return (len(f.States) == 0 || slices.Contains(f.States, k.State)) &&
		(len(f.Languages) == 0 || slices.Contains(f.Languages, k.Language)) &&
		(f.Safety == "" || f.Safety == k.Safety) && (f.Type == "" || slices.Contains(k.Verdicts, said)) &&
		(f.From.IsZero() || !k.Submitted.Before(f.From)) && (f.Until.IsZero() || k.Submitted.Before(f.Until))
}

// between is how long after one application the next of many comes. So they fill more than one span of seven weeks.
const between = 3 * time.Hour

// many stores so many applications of two programmes without asking a rule, and gives them in the order they came. They
// are what makes lists hard: most are alike and some are rare, the clock was put back now and then, and what is said of
// the newest is said of no old one.
func many(t *testing.T, s *storetest.Store, n int) (all []kept, programmes [2]account.ProgrammeID) {
	t.Helper()
	db := raw(t, s.Database)
	noError(t, db.QueryRow("SELECT id FROM programme").Scan(&programmes[0]))
	programmes[1] = account.ProgrammeID(account.NewID())
	exec(t, db, "INSERT INTO programme (id, key, language, created_at) VALUES (?, ?, 'en', 0)", programmes[1], []byte{})
	r := rand.New(rand.NewPCG(uint64(n), 1))
	for i := range n {
		k := kept{Summary: oneOf(r, i, n), programme: programmes[min(1, i%10/9)], words: []string{account.NewReference()}}
		k.Reference = k.words[0]
		for word, percent := range map[string]int{"anna": 40, "maria": 30, "rare": 1} {
			if r.IntN(100) < percent {
				k.words = append(k.words, word)
			}
		}
		all = append(all, k)
	}
	tx, err := db.Begin()
	noError(t, err)
	for part := range slices.Chunk(all, 500) {
		store500(t, tx, part)
	}
	noError(t, tx.Commit())
	if store.IsPostgres(s.Database) {
		exec(t, db, "ANALYZE") // soon it would by itself
	}
	return all, programmes
}

func oneOf(r *rand.Rand, i, n int) intake.Summary {
	often := func(percent int, one, other string) string {
		if r.IntN(100) < percent {
			return one
		}
		return other
	}
	states := intake.States()[1:]
	a := intake.Summary{
		ID: intake.ApplicationID(account.NewID()), Submitted: storetest.Epoch.Add(time.Duration(i/2) * 2 * between),
		State:    intake.State(often(89, "enrolled", string(states[r.IntN(len(states))]))),
		Language: words.Lang(often(96, "en", often(50, "fa", "lv"))),
		Safety:   intake.Safety(often(94, "none", often(50, "open", "cleared"))),
		Verdicts: []intake.Said{
			{Type: "process", Verdict: screen.Verdict(often(3, "not_now", "discuss"))},
			{Type: "support", Verdict: screen.Verdict(often(70, "suits", "discuss"))},
		},
	}
	if i%97 == 0 {
		a.Submitted = a.Submitted.Add(-40 * 24 * time.Hour)
	}
	if i > n*4/5 {
		a.Verdicts = append(a.Verdicts, intake.Said{Type: "new", Verdict: screen.Suits})
		a.State = intake.State(often(50, "submitted", string(a.State)))
	}
	a.Updated = a.Submitted
	if a.State != intake.Submitted {
		a.Updated = a.Submitted.Add(time.Duration(r.IntN(100)-1) * 24 * time.Hour)
	}
	return a
}

// store500 writes a few hundred applications with a statement a table.
func store500(t *testing.T, tx *sql.Tx, all []kept) {
	t.Helper()
	insert := func(into, row string, args []any, each int) {
		t.Helper()
		_, err := tx.Exec("INSERT INTO "+into+" VALUES "+row+strings.Repeat(", "+row, len(args)/each-1), args...)
		noError(t, err)
	}
	var people, applications, screenings, verdicts, found []any
	keyring, err := seal.New(storetest.Key())
	noError(t, err)
	person := map[intake.ApplicationID]string{}
	for _, k := range all {
		p := account.NewID()
		person[k.ID] = p
		people = append(people, p, string(k.programme), []byte{}, []byte{})
		applications = append(applications, string(k.ID), string(k.programme), p, p, k.Reference, []byte(k.ID),
			string(k.Language), string(k.State), string(k.Safety), []byte{}, k.Submitted.Unix(), k.Updated.Unix())
		var said []string
		for _, v := range k.Verdicts {
			verdicts = append(verdicts, string(k.ID), v.Type, string(v.Verdict))
			said = append(said, v.Type+" "+string(v.Verdict))
		}
		screenings = append(screenings, string(k.ID), strings.Join(said, ","), []byte{})
		for n, word := range k.words {
			kind := "word"
			if n == 0 {
				kind = "reference"
				word, _ = account.ParseReference(word)
			}
			found = append(found, keyring.Index(kind, word), p)
		}
	}
	insert("person (id, programme_id, key, contact, language, time_zone, created_at)", "(?, ?, ?, ?, 'en', 'UTC', 0)",
		people, 4)
	insert(`application (id, programme_id, person_id, person_seq, reference, receipt, form_slug, form_version, language,
		state, safety, answers, version, submitted_at, updated_at)`,
		"(?, ?, ?, (SELECT seq FROM person WHERE id = ?), ?, ?, 'intake', 1, ?, ?, ?, ?, 1, ?, ?)", applications, 12)
	insert("screening (application_seq, number, verdicts, trace, run_at)",
		"((SELECT seq FROM application WHERE id = ?), 1, ?, ?, 0)", screenings, 3)
	insert("verdict (application_seq, type_slug, verdict)",
		"((SELECT seq FROM application WHERE id = ?), ?, ?)", verdicts, 3)
	insert("search_word (word, person_seq)", "(?, (SELECT seq FROM person WHERE id = ?))", found, 2)
}

// coordinatorOf is a caller who coordinates these programmes.
func coordinatorOf(programmes ...account.ProgrammeID) account.Caller {
	c := account.Caller{Kind: account.Staff, Person: account.PersonID(account.NewID())}
	for _, p := range programmes {
		c.Grants = append(c.Grants, account.Grant{Programme: p, Role: account.Coordinator})
	}
	return c
}

// moments are times at which something was submitted, or just not.
func moments(all []kept) []time.Time {
	var some []time.Time
	for n := 0; n < len(all); n += max(1, len(all)/20) {
		some = append(some, all[n].Submitted, all[n].Submitted.Add(time.Second))
	}
	slices.SortFunc(some, func(a, b time.Time) int { return cmp.Compare(a.Unix(), b.Unix()) })
	return slices.Compact(some)
}
