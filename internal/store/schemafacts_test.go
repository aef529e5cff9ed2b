package store_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// facts are a schema's meaning: sorted sentences, one for each table, column, key, index, reference, check and trigger,
// read from the catalogue of PostgreSQL. Conditions are as PostgreSQL prints them.
type facts []string

func (f *facts) add(table string, words ...string) {
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	*f = append(*f, table+": "+strings.Join(words, " ")+" ")
}

// when gives the text if the condition holds.
func when(condition bool, text string) string {
	if condition {
		return text
	}
	return ""
}

func listed(columns []string) string { return "(" + strings.Join(columns, ", ") + ")" }

// of gives the facts of one table.
func (f facts) of(table string) facts {
	return slices.DeleteFunc(slices.Clone(f), func(fact string) bool { return !strings.HasPrefix(fact, table+": ") })
}

// factsOf reads all tables of a schema but for goose's own.
func factsOf(t *testing.T, tx pgx.Tx, schema string) facts {
	t.Helper()
	var f facts
	var table string
	each(t, tx, func() { f.add(table, "is a table") }, []any{&table}, `
		SELECT relname FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p')
			AND relname <> 'goose_db_version'`, schema)
	columnFacts(t, tx, &f, schema)
	keyFacts(t, tx, &f, schema)
	referenceFacts(t, tx, &f, schema)
	indexFacts(t, tx, &f, schema)
	triggerFacts(t, tx, &f, schema)
	return slices.Sorted(slices.Values(f))
}

// each runs a query over a schema and calls row with every row in the same places.
func each(t *testing.T, tx pgx.Tx, row func(), places []any, query, schema string) {
	t.Helper()
	rows, err := tx.Query(t.Context(), query, schema)
	noError(t, err)
	_, err = pgx.ForEachRow(rows, places, func() error { row(); return nil })
	noError(t, err)
}

func columnFacts(t *testing.T, tx pgx.Tx, f *facts, schema string) {
	t.Helper()
	var table, name, typ, value string
	var place int
	var required, numbered bool
	each(t, tx, func() {
		f.add(table, fmt.Sprintf("column %02d", place), name, typ, when(required, "required"),
			when(value != "", "default "+value), when(numbered, "numbered"))
	}, []any{&table, &place, &name, &typ, &required, &value, &numbered}, `
		SELECT relname, row_number() OVER (PARTITION BY attrelid ORDER BY attnum), attname,
			format_type(atttypid, atttypmod) || coalesce(' "' || collname || '"', ''), attnotnull,
			coalesce(pg_get_expr(adbin, adrelid), ''), attidentity = 'd'
		FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
			LEFT JOIN pg_collation ON pg_collation.oid = attcollation
			LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
		WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p') AND relname <> 'goose_db_version'
			AND attnum > 0 AND NOT attisdropped`, schema)
}

// columnNames is an expression for the names of a table's columns by their numbers, in the order of these.
func columnNames(table, numbers string) string {
	return `(SELECT array_agg(attname::text ORDER BY place)
		FROM unnest(` + numbers + `) WITH ORDINALITY AS k (number, place)
		JOIN pg_attribute ON attrelid = ` + table + ` AND attnum = number)`
}

func keyFacts(t *testing.T, tx pgx.Tx, f *facts, schema string) {
	t.Helper()
	var table, name, kind, text string
	var columns []string
	each(t, tx, func() {
		switch usual := table + "_" + strings.Join(columns, "_") + "_key"; kind {
		case "p":
			f.add(table, "primary key", listed(columns))
		case "u":
			// Errors are told apart by the name.
			f.add(table, "unique", listed(columns), when(name != usual, "under the odd name "+name))
		case "c":
			f.add(table, "check", text)
		}
	}, []any{&table, &name, &kind, &columns, &text}, `
		SELECT relname, conname, contype::text, `+columnNames("conrelid", "conkey")+`,
			pg_get_constraintdef(pg_constraint.oid)
		FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
		WHERE connamespace = $1::regnamespace AND relname <> 'goose_db_version'`, schema)
}

func referenceFacts(t *testing.T, tx pgx.Tx, f *facts, schema string) {
	t.Helper()
	actions := map[string]string{"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
	var table, target, onDelete, onUpdate string
	var from, to []string
	var deferrable, valid bool
	each(t, tx, func() {
		f.add(table, listed(from), "references", target, listed(to),
			"on delete", actions[onDelete], "on update", actions[onUpdate],
			when(deferrable, "deferrable"), when(!valid, "not valid"))
	}, []any{&table, &from, &target, &to, &onDelete, &onUpdate, &deferrable, &valid}, `
		SELECT c.relname, `+columnNames("conrelid", "conkey")+`, r.relname, `+columnNames("confrelid", "confkey")+`,
			confdeltype::text, confupdtype::text, condeferrable, convalidated
		FROM pg_constraint JOIN pg_class c ON c.oid = conrelid JOIN pg_class r ON r.oid = confrelid
		WHERE connamespace = $1::regnamespace AND contype = 'f'`, schema)
}

func indexFacts(t *testing.T, tx pgx.Tx, f *facts, schema string) {
	t.Helper()
	var table, name, predicate string
	var unique bool
	var columns []string
	each(t, tx, func() {
		f.add(table, when(unique, "unique"), "index", name, listed(columns), when(predicate != "", "where "+predicate))
	}, []any{&table, &name, &unique, &predicate, &columns}, `
		SELECT c.relname, n.relname, indisunique, coalesce(pg_get_expr(indpred, indrelid), ''),
			(SELECT array_agg(pg_get_indexdef(indexrelid, k, true) ||
				CASE indoption[k - 1] & 1 WHEN 1 THEN ' desc' ELSE '' END ORDER BY k) FROM generate_series(1, indnatts::int) k)
		FROM pg_index JOIN pg_class c ON c.oid = indrelid JOIN pg_class n ON n.oid = indexrelid
		WHERE c.relnamespace = $1::regnamespace AND c.relname <> 'goose_db_version'
			AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))`, schema)
}

var (
	triggerText = regexp.MustCompile(`(?s)^CREATE TRIGGER \w+ (.*) ON [\w.]+ (.*) EXECUTE FUNCTION .*$`)
	raiseText   = regexp.MustCompile(`RAISE EXCEPTION USING ERRCODE = 'P0001', MESSAGE = '(\w+)'`)
)

// triggerFacts leaves out the triggers that refuse nothing: they change no meaning.
func triggerFacts(t *testing.T, tx pgx.Tx, f *facts, schema string) {
	t.Helper()
	var table, name, text, body string
	var enabled bool
	each(t, tx, func() {
		if words := matched(raiseText, body); len(words) > 0 {
			f.add(table, "trigger", name, triggerText.ReplaceAllString(text, "$1 $2"), "raises", strings.Join(words, ", "),
				when(!enabled, "when enabled"))
		}
	}, []any{&table, &name, &text, &body, &enabled}, `
		SELECT relname, tgname, pg_get_triggerdef(pg_trigger.oid), prosrc, tgenabled = 'O' FROM pg_trigger
			JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
		WHERE relnamespace = $1::regnamespace AND NOT tgisinternal`, schema)
}

// matched lists what the pattern's group finds, each once, in order of the alphabet.
func matched(pattern *regexp.Regexp, text string) (words []string) {
	for _, match := range pattern.FindAllStringSubmatch(text, -1) {
		words = append(words, match[1])
	}
	slices.Sort(words)
	return slices.Compact(words)
}
