package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"grupa/internal/account"
	"grupa/internal/bench/rig"
)

// bareRow is the row of the floor's table, for PostgreSQL: id, status and times, 26 scalars and two fields of JSON.
type bareRow struct {
	columns []string
	fields  []any
	email   int // its index among the fields: each row has another
}

func newBareRow() (b bareRow, err error) {
	var record map[string]any
	if err := json.Unmarshal(rig.MarkedRecord(), &record); err != nil {
		return b, err
	}
	b.columns = []string{"id", "status", "created", "updated"}
	for _, name := range slices.Sorted(maps.Keys(record)) {
		if name == "email" {
			b.email = len(b.fields)
		}
		value, scalar := record[name], true
		switch value.(type) {
		case map[string]any, []any:
			scalar = false
		}
		if !scalar {
			raw, err := json.Marshal(value)
			if err != nil {
				return b, err
			}
			value = string(raw)
		}
		b.columns, b.fields = append(b.columns, name), append(b.fields, value)
	}
	return b, nil
}

// schema makes the table with its three indexes.
func (b bareRow) schema() string {
	var columns strings.Builder
	for n, name := range b.columns[4:] {
		kind := "text"
		if _, ok := b.fields[n].(bool); ok {
			kind = "boolean"
		}
		fmt.Fprintf(&columns, ", %s %s", pgx.Identifier{name}.Sanitize(), kind)
	}
	return "CREATE TABLE intake (id text PRIMARY KEY, status text NOT NULL, created bigint NOT NULL, " +
		"updated bigint NOT NULL" + columns.String() + `);
		CREATE INDEX intake_status ON intake (status, created);
		CREATE INDEX intake_created ON intake (created);
		CREATE INDEX intake_email ON intake (email)`
}

func (b bareRow) insert() string {
	marks := make([]string, len(b.columns))
	for n := range marks {
		marks[n] = fmt.Sprintf("$%d", n+1)
	}
	return fmt.Sprintf("INSERT INTO intake (%s) VALUES (%s)", strings.Join(b.columns, ", "), strings.Join(marks, ", "))
}

// values are those of a row of its own.
func (b bareRow) values() []any {
	now := time.Now().Unix()
	values := append([]any{account.NewID(), "submitted", now, now}, b.fields...)
	values[4+b.email] = account.NewID() + "@example.org"
	return values
}

// rows gives that many rows, one after another, as a copy into the table takes them.
func (b bareRow) rows(n int) pgx.CopyFromSource {
	return pgx.CopyFromSlice(n, func(int) ([]any, error) { return b.values(), nil })
}
