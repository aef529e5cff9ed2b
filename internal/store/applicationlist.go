package store

import (
	"cmp"
	"slices"
	"time"

	"grupa/intake"
	"grupa/internal/words"
)

// Applications gives a page of the applications that the caller coordinates. What it costs depends on the page, not on
// how many applications there are: see listing.
func (tx *Tx) Applications(f intake.Filter) (intake.Page, error) {
	l, err := tx.listing(f)
	if err != nil || l.nothing {
		return intake.Page{}, err
	}
	rows, err := l.page()
	if err != nil {
		return intake.Page{}, err
	}
	var page intake.Page
	// One row more than asked for tells whether there is a next page.
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		last := rows[f.Limit-1]
		page.Next = place{last.moment(l.order), last.seq}.text(l.order.name)
	}
	page.Items = make([]intake.Summary, len(rows))
	for n, r := range rows {
		page.Items[n] = r.summary()
	}
	if f.Total {
		page.Total, err = l.total()
	}
	return page, err
}

// listedRow is what a list shows of an application.
type listedRow struct {
	seq, submitted, updated                int64
	id, reference, state, language, safety string
	verdicts                               string
}

func (r listedRow) moment(o listOrder) int64 {
	if o.changed() {
		return r.updated
	}
	return r.submitted
}

func (r listedRow) summary() intake.Summary {
	return intake.Summary{
		ID: intake.ApplicationID(r.id), Reference: r.reference, State: intake.State(r.state),
		Language: words.Lang(r.language), Safety: intake.Safety(r.safety), Verdicts: verdictsFrom(r.verdicts),
		Submitted: time.Unix(r.submitted, 0).UTC(), Updated: time.Unix(r.updated, 0).UTC(),
	}
}

// page reads the rows of a page, and the one behind it.
func (l *listing) page() ([]listedRow, error) {
	w, err := l.way()
	if err != nil || len(w.stretches) == 0 {
		return nil, err
	}
	chosen := w.selected(l.f.Limit + 1)
	found, err := l.tx.g.Raw(`SELECT a.seq, a.submitted_at, a.updated_at,
		a.id, a.reference, a.state, a.language, a.safety,
		coalesce((SELECT s.verdicts FROM screening s WHERE s.application_seq = a.seq
			ORDER BY s.number DESC LIMIT 1), '')
		FROM (`+chosen.text+`) c CROSS JOIN application a WHERE a.seq = c.seq`, chosen.args...).Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }() // found.Err says all there is to say
	rows := make([]listedRow, 0, l.f.Limit+1)
	for found.Next() {
		var r listedRow
		err := found.Scan(&r.seq, &r.submitted, &r.updated, &r.id, &r.reference, &r.state, &r.language, &r.safety,
			&r.verdicts)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	slices.SortFunc(rows, l.order.compare) // an engine need not keep the order of what it joins
	return rows, found.Err()
}

// total counts the whole list, wherever the page begins and whatever it is sorted by.
func (l *listing) total() (t intake.Total, err error) {
	whole := *l
	whole.after, whole.order = nil, orderOf(intake.NewestFirst)
	if alone := whole.alone(); alone != nil {
		t, err = whole.count(whole.gathered(alone), countedTo+1)
		if err != nil || !t.More || t.Count == countedTo {
			return t, err
		}
		return whole.count(whole.gathered(alone), lookedAt+1) // some are of another programme
	}
	w, err := whole.way()
	if err != nil {
		return t, err
	}
	most := countedTo + 1
	if w.asked.text != "" {
		most = lookedAt + 1
	}
	return whole.count(w, most)
}

// count counts what is in the list among so many rows of a way.
func (l *listing) count(w way, most int) (t intake.Total, err error) {
	counted := w.counted(most)
	var looked int
	if err := l.tx.g.Raw(counted.text, counted.args...).Row().Scan(&looked, &t.Count); err != nil {
		return t, err
	}
	t.More = looked == most || t.Count > countedTo
	t.Count = min(t.Count, countedTo)
	return t, nil
}

// listOrder is one of the orders, all of which the indexes have.
type listOrder struct {
	name       string
	column     string
	descending bool
}

const (
	submitted = "submitted_at"
	updated   = "updated_at"
)

// orderOf is the allow-list of orders: nothing a client says reaches ORDER BY.
func orderOf(s intake.Sort) listOrder {
	o := listOrder{name: string(s), column: submitted, descending: true}
	switch s {
	case intake.OldestFirst:
		o.descending = false
	case intake.LastChangedFirst:
		o.column = updated
	case intake.FirstChanged:
		o.column, o.descending = updated, false
	}
	return o
}

func (o listOrder) changed() bool { return o.column == updated }

func (o listOrder) compare(a, b listedRow) int {
	order := cmp.Or(cmp.Compare(a.moment(o), b.moment(o)), cmp.Compare(a.seq, b.seq))
	if o.descending {
		return -order
	}
	return order
}

// by is the ORDER BY of the columns that every SELECT of a way gives.
func (o listOrder) by() string {
	if o.descending {
		return " ORDER BY moment DESC, seq DESC"
	}
	return " ORDER BY moment, seq"
}
