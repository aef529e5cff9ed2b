package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// table is what copying needs to know of one. It is read from the file's schema, so that no table can be forgotten.
type table struct {
	name    string
	columns []string
	key     []string // the primary key
	refers  []string // tables whose rows must be there first
}

// tables gives all tables of a file, those first that others refer to. The schema's version is not one of them.
func (f copyFile) tables(ctx context.Context) ([]table, error) {
	var all []table
	err := f.each(ctx, `SELECT m.name, c.name, c.pk FROM sqlite_schema m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version'
		ORDER BY m.name, c.cid`, func(row []driver.Value) error {
		name, _ := row[0].(string)
		column, _ := row[1].(string)
		if len(all) == 0 || all[len(all)-1].name != name {
			all = append(all, table{name: name})
		}
		t := &all[len(all)-1]
		t.columns = append(t.columns, column)
		if at, _ := row[2].(int64); at > 0 {
			t.key = slices.Grow(t.key, int(at))[:max(len(t.key), int(at))]
			t.key[at-1] = column
		}
		return nil
	})
	if err == nil {
		err = f.references(ctx, all)
	}
	if err != nil {
		return nil, err
	}
	return parentsFirst(all)
}

func (f copyFile) references(ctx context.Context, all []table) error {
	return f.each(ctx, `SELECT m.name, r."table" FROM sqlite_schema m, pragma_foreign_key_list(m.name) r
		WHERE m.type = 'table'`, func(row []driver.Value) error {
		from, _ := row[0].(string)
		to, _ := row[1].(string)
		n := slices.IndexFunc(all, func(t table) bool { return t.name == from })
		if n >= 0 && from != to {
			all[n].refers = append(all[n].refers, to)
		}
		return nil
	})
}

// parentsFirst puts every table behind those that it refers to.
func parentsFirst(all []table) ([]table, error) {
	var out []table
	placed := func(name string) bool {
		return slices.ContainsFunc(out, func(t table) bool { return t.name == name })
	}
	for len(out) < len(all) {
		before := len(out)
		for _, t := range all {
			if !placed(t.name) && !slices.ContainsFunc(t.refers, func(r string) bool { return !placed(r) }) {
				out = append(out, t)
			}
		}
		if len(out) == before {
			return nil, errors.New("tables refer to each other in a circle: none can be filled first")
		}
	}
	for _, t := range out {
		if len(t.key) == 0 {
			return nil, fmt.Errorf("the table %s has no primary key to order its rows by", t.name)
		}
	}
	return out, nil
}

func (t table) quoted() string { return quoted(t.name) }

// inOrder reads all rows in the order of the primary key, which is the same on both engines.
func (t table) inOrder() string {
	return fmt.Sprintf("SELECT %s FROM %s ORDER BY %s", quoted(t.columns...), t.quoted(), quoted(t.key...))
}

func (t table) insert() string {
	places := strings.TrimSuffix(strings.Repeat("?,", len(t.columns)), ",")
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", t.quoted(), quoted(t.columns...), places)
}

func quoted(names ...string) string { return `"` + strings.Join(names, `", "`) + `"` }

// differ names the tables whose rows are not the ones that were expected. Where one side has no checksum, the number of
// rows is compared.
func differ(want, got map[string]TableSum) error {
	var names []string
	for name, w := range want {
		g, ok := got[name]
		if !ok || g.Rows != w.Rows || g.SHA256 != "" && w.SHA256 != "" && g.SHA256 != w.SHA256 {
			names = append(names, name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if len(names) > 0 {
		return fmt.Errorf("the rows of %s are not those that were read", strings.Join(names, ", "))
	}
	return nil
}
