package store

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/words"
)

// listing is a filter on its way to SQL. The SQL is put together from constants; what a client gave is in arguments.
//
// A list must not cost more the more applications there are. So it is read along an index that has its order, or along
// several stretches of one, merged, where the filter allows several values (way). Rows are passed over only where that is
// seldom, or where what is looked for is frequent. What no index has in the order of a list, a verdict or words, is
// gathered and sorted if it is rare.
type listing struct {
	tx         *Tx
	f          intake.Filter
	order      listOrder
	after      *place
	programmes []string
	from       int64 // submitted at or after
	until      int64 // submitted before
	sets       []set
	nothing    bool // something is asked for that nobody has
}

// The sizes that decide. countedTo is where counting ends: a total beyond it is "or more", and a set below it is worth
// gathering. lookedAt is how many rows a total asks for what their index does not know. several is how many rows of an
// index may be passed over.
const (
	countedTo = 1000
	lookedAt  = 2 * countedTo
	several   = 5 * countedTo
)

func (tx *Tx) listing(f intake.Filter) (l *listing, err error) {
	f.States, f.Languages = each(f.States), each(f.Languages)
	l = &listing{tx: tx, f: f, order: orderOf(f.Sort), from: math.MinInt64, until: math.MaxInt64}
	if l.programmes, err = tx.coordinated(); err != nil {
		return nil, err
	}
	l.nothing = len(l.programmes) == 0
	if f.Cursor != "" {
		if l.after, err = parsePlace(f.Cursor, l.order.name); err != nil {
			return nil, err
		}
	}
	if !f.From.IsZero() {
		l.from = f.From.Unix()
	}
	if !f.Until.IsZero() {
		l.until = f.Until.Unix()
	}
	if f.Type != "" {
		l.addVerdict()
	}
	if searched(f.Search) {
		if err := l.addWords(); err != nil {
			return nil, err
		}
	}
	return l, l.measure()
}

// coordinated gives the programmes whose applications the caller may list: the machine all.
func (tx *Tx) coordinated() (ids []string, err error) {
	if tx.caller.Kind == account.System {
		err = tx.g.Raw("SELECT id FROM programme").Scan(&ids).Error
	}
	for _, p := range tx.caller.In(account.Coordinator) {
		ids = append(ids, string(p))
	}
	return ids, err
}

// each leaves out what is there already: it would be listed twice.
func each[T comparable](all []T) (once []T) {
	for _, one := range all {
		if !slices.Contains(once, one) {
			once = append(once, one)
		}
	}
	return once
}

func (l *listing) timed() bool { return l.from != math.MinInt64 || l.until != math.MaxInt64 }

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

// unlessTimeIsBetter leaves a way without stretches if it would pass over many rows that were submitted at another time.
func (l *listing) unlessTimeIsBetter(w *way) error {
	if !l.order.changed() || !l.timed() || len(w.stretches) > mostStretches {
		return nil
	}
	n, err := l.size(condition{"(" + w.selects("1").text + ") a", w.selects("1").args}, several)
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

// selected is the SELECT of the first rows of the way: seq and moment.
func (w way) selected(limit int) condition {
	w.bounds = and(w.bounds, w.asked)
	c := w.selects("a.seq AS seq, a." + w.order.column + " AS moment")
	return condition{c.text + w.order.by() + " LIMIT " + strconv.Itoa(limit), c.args}
}

// counted is the SELECT of two numbers: how many rows it looked at, and how many of them are in the list.
func (w way) counted(most int) condition {
	column, in := "1", ""
	if w.asked.text != "" {
		column, in = w.asked.text+" AS listed", " FILTER (WHERE listed)"
	}
	rows := w.selects(column, w.asked.args...)
	return condition{
		"SELECT count(*), count(*)" + in + " FROM (" + rows.text + " LIMIT " + strconv.Itoa(most) + ") a", rows.args,
	}
}

// selects gives the SELECTs of the stretches, in no order. The arguments are those of the columns.
func (w way) selects(columns string, of ...any) condition {
	var texts []string
	var args []any
	for _, s := range w.stretches {
		s = and(s, w.bounds)
		texts = append(texts, "SELECT "+columns+" FROM "+w.from+" WHERE "+s.text)
		args = append(append(args, of...), s.args...)
	}
	return condition{strings.Join(texts, " UNION ALL "), args}
}
