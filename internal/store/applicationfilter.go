package store

import (
	"math"
	"slices"

	"grupa/intake"
	"grupa/internal/account"
)

// listing is a filter on its way to SQL. The SQL is put together from constants; what a client gave is in arguments.
//
// A list must not cost more the more applications there are. So it is read along an index that has its order, or along
// several stretches of one, merged, where the filter allows several values (way). Rows are passed over only where that
// is seldom, or where what is looked for is frequent. What no index has in the order of a list, a verdict or words, is
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
