package store

import (
	"strings"

	"gorm.io/gorm"

	"grupa/intake"
	"grupa/intake/screen"
)

// Applications gives a page of the applications in the caller's scope.
func (tx *Tx) Applications(f intake.Filter) (intake.Page, error) {
	column, descending := orderOf(f.Sort)
	q := filtered(tx, f).Omit("answers", "receipt")
	if f.Cursor != "" {
		at, err := parseCursor(f.Cursor, string(f.Sort))
		if err != nil {
			return intake.Page{}, err
		}
		q = after(q, column, descending, at)
	}
	var rows []applicationRow
	// One row more than asked for tells whether there is a next page.
	if err := q.Order(orderBy(column, descending)).Limit(f.Limit + 1).Find(&rows).Error; err != nil {
		return intake.Page{}, err
	}
	var page intake.Page
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		last := rows[f.Limit-1]
		value := last.SubmittedAt
		if column == "updated_at" {
			value = last.UpdatedAt
		}
		page.Next = cursor{value, last.ID}.text(string(f.Sort))
	}
	verdicts, err := tx.verdictsOf(rows)
	for _, r := range rows {
		a := r.head()
		page.Items = append(page.Items, intake.Summary{
			ID: a.ID, Reference: a.Reference, State: a.State, Language: a.Language, Safety: a.Safety,
			Submitted: a.Submitted, Updated: a.Updated, Verdicts: verdicts[r.ID],
		})
	}
	return page, err
}

func filtered(tx *Tx, f intake.Filter) *gorm.DB {
	q := tx.applications()
	if len(f.States) > 0 {
		q = q.Where("state IN ?", f.States)
	}
	if len(f.Languages) > 0 {
		q = q.Where("language IN ?", f.Languages)
	}
	if f.Safety != "" {
		q = q.Where("safety = ?", f.Safety)
	}
	if f.Type != "" {
		q = q.Where("seq IN (SELECT application_seq FROM verdict WHERE type_slug = ? AND verdict = ?)", f.Type, f.Verdict)
	}
	if !f.From.IsZero() {
		q = q.Where("submitted_at >= ?", f.From.Unix())
	}
	if !f.Until.IsZero() {
		q = q.Where("submitted_at < ?", f.Until.Unix())
	}
	if strings.TrimSpace(f.Search) == "" {
		return q
	}
	terms := searchTerms(f.Search)
	if len(terms) == 0 {
		return q.Where("1 = 0") // nothing but punctuation: no such word
	}
	for _, forms := range terms {
		var words []blob
		for _, w := range forms {
			words = append(words, tx.db.cfg.Sealing.Index(w.kind, w.word))
		}
		q = q.Where(`person_id IN (SELECT p.id FROM search_word w JOIN person p ON p.seq = w.person_seq WHERE w.word IN ?)`,
			words)
	}
	return q
}

// orderOf is the allow-list of orders: nothing a client says reaches ORDER BY.
func orderOf(s intake.Sort) (column string, descending bool) {
	switch s {
	case intake.OldestFirst:
		return "submitted_at", false
	case intake.LastChangedFirst:
		return "updated_at", true
	case intake.FirstChanged:
		return "updated_at", false
	}
	return "submitted_at", true
}

func orderBy(column string, descending bool) string {
	switch {
	case column == "updated_at" && descending:
		return "updated_at DESC, id DESC"
	case column == "updated_at":
		return "updated_at, id"
	case descending:
		return "submitted_at DESC, id DESC"
	}
	return "submitted_at, id"
}

func after(q *gorm.DB, column string, descending bool, at cursor) *gorm.DB {
	switch {
	case column == "updated_at" && descending:
		return q.Where("(updated_at, id) < (?, ?)", at.value, at.id)
	case column == "updated_at":
		return q.Where("(updated_at, id) > (?, ?)", at.value, at.id)
	case descending:
		return q.Where("(submitted_at, id) < (?, ?)", at.value, at.id)
	}
	return q.Where("(submitted_at, id) > (?, ?)", at.value, at.id)
}

func (tx *Tx) verdictsOf(applications []applicationRow) (map[string]map[string]screen.Verdict, error) {
	seqs, ids := make([]int64, 0, len(applications)), map[int64]string{}
	for _, a := range applications {
		seqs = append(seqs, a.Seq)
		ids[a.Seq] = a.ID
	}
	var rows []struct {
		ApplicationSeq    int64
		TypeSlug, Verdict string
	}
	err := tx.g.Raw("SELECT application_seq, type_slug, verdict FROM verdict WHERE application_seq IN ?", seqs).
		Scan(&rows).Error
	verdicts := map[string]map[string]screen.Verdict{}
	for _, r := range rows {
		id := ids[r.ApplicationSeq]
		if verdicts[id] == nil {
			verdicts[id] = map[string]screen.Verdict{}
		}
		verdicts[id][r.TypeSlug] = screen.Verdict(r.Verdict)
	}
	return verdicts, err
}
