package store

import (
	"slices"
	"strconv"
	"strings"

	"grupa/intake"
	"grupa/internal/words"
)

// way is how a list is read: a SELECT for each stretch of an index, merged.
type way struct {
	order     listOrder
	from      string      // FROM clause with application a in it
	stretches []condition // what each is searched by: equalities, up to the column of the order
	bounds    condition   // of every stretch
	asked     condition   // of each row on the way
}

// mostStretches bounds a statement: SQLite takes no more than 500 SELECTs in one.
const mostStretches = 400

// way chooses how to read.
func (l *listing) way() (way, error) {
	if rarest := l.rarest(); rarest != nil {
		return l.gathered(rarest), nil
	}
	for _, choose := range []func() (way, error){l.bySafety, l.byState, l.byTime} {
		w, err := choose()
		if n := len(w.stretches); err != nil || n > 0 && n <= mostStretches {
			return w, err
		}
	}
	return l.sorted(), nil
}

func (l *listing) along(asked ...condition) way {
	return way{order: l.order, from: "application a", bounds: l.bounds(), asked: and(asked...)}
}

// gathered begins with the rows of a set, which have no order.
func (l *listing) gathered(s *set) way {
	w := l.along(l.inProgrammes(), l.inStates(), l.inLanguages(), l.ofSafety(), l.inTime(), l.inSets(s))
	w.from, w.stretches = s.from, []condition{s.found}
	return w
}

// bySafety reads the few that somebody has to look at, or had to.
func (l *listing) bySafety() (way, error) {
	w := l.along(l.inStates(), l.inLanguages(), l.inTime(), l.inSets(nil))
	if l.f.Safety == "" || l.f.Safety == intake.SafetyNone {
		return w, nil
	}
	const is = "a.programme_id = " + textArg + " AND a.safety = " + textArg + " AND a.safety <> 'none'"
	for _, p := range l.programmes {
		w.stretches = append(w.stretches, condition{is, []any{p, string(l.f.Safety)}})
	}
	return w, nil
}

// byState reads by state and language: a filter by one of the two takes every value of the other.
func (l *listing) byState() (way, error) {
	w := l.along(l.ofSafety(), l.inTime(), l.inSets(nil))
	states, languages := l.f.States, l.f.Languages
	if len(states)+len(languages) == 0 {
		return w, nil
	}
	if len(states) == 0 {
		states = intake.States()
	}
	if len(languages) == 0 {
		languages = words.Languages()
	}
	const is = "a.programme_id = " + textArg + " AND a.state = " + textArg + " AND a.language = " + textArg
	for _, p := range l.programmes {
		for _, s := range states {
			for _, lang := range languages {
				w.stretches = append(w.stretches, condition{is, []any{p, string(s), string(lang)}})
			}
		}
	}
	return w, l.unlessTimeIsBetter(&w)
}

// unlessTimeIsBetter leaves a way without stretches if it could pass over many rows that were submitted at other times.
func (l *listing) unlessTimeIsBetter(w *way) error {
	if !l.order.changed() || !l.timed() || len(w.stretches) > mostStretches {
		return nil
	}
	all := union(w.selects("1"))
	n, err := l.size(condition{"(" + all.text + ") a", all.args}, several)
	if n == several {
		w.stretches = nil
	}
	return err
}

// span is how long the stretches are that application_changed is divided in: about seven weeks. So what was submitted
// within some time can be read in the order in which it was changed.
const span = 1 << 22

// byTime reads everything.
func (l *listing) byTime() (way, error) {
	w := l.along(l.inStates(), l.inLanguages(), l.ofSafety(), l.inSets(nil))
	for _, p := range l.programmes {
		if !l.order.changed() {
			w.stretches = append(w.stretches, condition{"a.programme_id = " + textArg, []any{p}})
			continue
		}
		first, last, err := l.extent(p)
		if err != nil {
			return w, err
		}
		for n := first / span; n <= last/span && len(w.stretches) <= mostStretches; n++ {
			// The expression has no type that it would share with a CAST.
			c := condition{"a.programme_id = " + textArg + " AND a.submitted_at / 4194304 = 0 + ?", []any{p, n}}
			if n == first/span || n == last/span {
				c = and(c, l.inTime())
			}
			w.stretches = append(w.stretches, c)
		}
	}
	return w, nil
}

// extent gives the first and the last time at which something of the list was submitted to a programme. If there is
// nothing the first is after the last.
func (l *listing) extent(programme string) (first, last int64, err error) {
	const of = " FROM application WHERE programme_id = " + textArg
	var least, most *int64
	err = l.tx.g.Raw("SELECT (SELECT min(submitted_at)"+of+"), (SELECT max(submitted_at)"+of+")", programme, programme).
		Row().Scan(&least, &most)
	if err != nil || least == nil {
		return 0, -span, err
	}
	return max(*least, l.from), min(*most, l.until-1), nil
}

// sorted reads everything and sorts it: for more programmes and years than a statement can have stretches.
func (l *listing) sorted() way {
	w := l.along(l.inStates(), l.inLanguages(), l.ofSafety(), l.inTime(), l.inSets(nil))
	w.stretches = []condition{l.inProgrammes()}
	return w
}

// selected is the SELECT of the first rows of the way: seq and moment. Each stretch is asked for in the order, too:
// PostgreSQL merges only what it knows to be sorted.
func (w way) selected(limit int) condition {
	w.bounds = and(w.bounds, w.asked)
	stretch := w.selects("a.seq AS seq, a." + w.order.column + " AS moment")
	for n := range stretch {
		stretch[n].text = "SELECT seq, moment FROM (" + stretch[n].text + w.order.by() + ") s"
	}
	all := union(stretch)
	return condition{all.text + w.order.by() + " LIMIT " + strconv.Itoa(limit), all.args}
}

// counted is the SELECT of two numbers: how many rows it looked at, and how many of them are in the list.
func (w way) counted(most int) condition {
	column, in := "1", ""
	if w.asked.text != "" {
		column, in = w.asked.text+" AS listed", " FILTER (WHERE listed)"
	}
	rows := union(w.selects(column, w.asked.args...))
	return condition{
		"SELECT count(*), count(*)" + in + " FROM (" + rows.text + " LIMIT " + strconv.Itoa(most) + ") a", rows.args,
	}
}

// selects gives the SELECT of each stretch, in no order. The arguments are those of the columns.
func (w way) selects(columns string, of ...any) (each []condition) {
	for _, s := range w.stretches {
		s = and(s, w.bounds)
		each = append(each, condition{
			"SELECT " + columns + " FROM " + w.from + " WHERE " + s.text, append(slices.Clone(of), s.args...)})
	}
	return each
}

func union(all []condition) (joined condition) {
	var texts []string
	for _, c := range all {
		texts = append(texts, c.text)
		joined.args = append(joined.args, c.args...)
	}
	joined.text = strings.Join(texts, " UNION ALL ")
	return joined
}
