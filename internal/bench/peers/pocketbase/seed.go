package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
)

// between is the time between two rows: as in the installations that Grupa is measured with.
const between = 10 * time.Minute

// seed fills the collection straight through the database, in one transaction. The rows are like those that come in
// over HTTP.
func seed(app *pocketbase.PocketBase, rows int) error {
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	if err := collect(app); err != nil {
		return err
	}
	if err := app.RunInTransaction(func(tx core.App) error { return insert(tx, rows) }); err != nil {
		return err
	}
	return app.ResetBootstrapState() // closes the database
}

func insert(tx core.App, rows int) error {
	names := append([]string{"id"}, columns()...)
	query := tx.DB().NewQuery(fmt.Sprintf("INSERT INTO %s (%s) VALUES ({:%s})", name, strings.Join(names, ", "),
		strings.Join(names, "}, {:"))).Prepare()
	defer func() { _ = query.Close() }() // goes with the transaction anyway
	if err := query.LastError; err != nil {
		return err
	}
	start := time.Now().Add(-time.Duration(rows) * between)
	for n := range rows {
		r := rand.New(rand.NewPCG(uint64(n), 7)) //nolint:gosec // repeatable on purpose
		if _, err := query.Bind(row(r, n, start.Add(time.Duration(n)*between))).Execute(); err != nil {
			return err
		}
	}
	return nil
}

func columns() (names []string) {
	for _, f := range fields() {
		names = append(names, f.GetName())
	}
	return names
}

// letters spread what is indexed, as it is where rows came in over HTTP.
func letters(r *rand.Rand, n int) string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
	text := make([]byte, n)
	for i := range text {
		text[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(text)
}

// row is the n-th row. Its time is in the order of n, and its address ends in n.
func row(r *rand.Rand, n int, at time.Time) dbx.Params {
	p := dbx.Params{
		"id":              letters(r, 15),
		"reason":          "I would like to talk with others who know what this is like, where nobody is in a hurry.",
		"hopes_own_words": "That it gets easier to say what I need.",
		"name":            []string{"Ada", "Anna", "Jan", "Maria", "Reza"}[r.IntN(5)] + " " + surname(r.IntN(2000)),
		"email":           fmt.Sprintf("%s.applicant%06d@example.org", letters(r, 5), n),
		"call_me_soon":    r.IntN(50) == 0,
		"availability": `[{"weekday":2,"from":"17:00","to":"20:00","kind":"available"},` +
			`{"weekday":4,"from":"17:00","to":"20:00","kind":"available"}]`,
		"answers": `{"areas":["isolation-loneliness","social"],"hopes":["belonging-validation","self-disclosure"],` +
			`"group_languages":["en"],"delivery":["in-person"],"reach":"email","discreet":true}`,
		"created": at.UTC().Format("2006-01-02 15:04:05.000Z"),
		"updated": at.UTC().Format("2006-01-02 15:04:05.000Z"),
	}
	for _, c := range choices() {
		p[c.name] = c.values[r.IntN(len(c.values))]
	}
	p["status"], p["language"] = status(r), language(r)
	return p
}

// status and language are as frequent as in the installations that Grupa is measured with.
func status(r *rand.Rand) string {
	switch n := r.IntN(100); {
	case n < 40:
		return "enrolled"
	case n < 53:
		return "withdrawn"
	case n < 62:
		return "referred_on"
	case n < 72:
		return "eligible"
	case n < 80:
		return "waitlisted"
	case n < 86:
		return "in_review"
	case n < 90:
		return "interview"
	}
	return "submitted"
}

func language(r *rand.Rand) string {
	switch n := r.IntN(100); {
	case n < 50:
		return "en"
	case n < 80:
		return "pl"
	case n < 95:
		return "lv"
	}
	return "fa"
}

func surname(n int) string {
	const front, back = "bdgklmnprstvwz", "aeiouy"
	name := []byte{}
	for range 4 {
		name = append(name, front[n%len(front)], back[n/len(front)%len(back)])
		n = n/len(front) + 7*n
	}
	return strings.ToUpper(string(name[:1])) + string(name[1:])
}
