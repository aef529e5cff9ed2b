package main

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/pocketbase/core"
)

// name of the collection.
const name = "intake"

// collect makes the collection where it is not there yet, open to everybody, and turns the log of requests off.
func collect(app core.App) error {
	if _, err := app.FindCollectionByNameOrId(name); !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	settings := app.Settings()
	settings.Logs.MaxDays = 0
	if err := app.Save(settings); err != nil {
		return err
	}
	c := core.NewBaseCollection(name)
	c.ListRule, c.ViewRule, c.CreateRule = new(""), new(""), new("")
	c.Fields.Add(fields()...)
	c.AddIndex("intake_status", false, "status, created", "")
	c.AddIndex("intake_created", false, "created", "")
	c.AddIndex("intake_email", false, "email", "")
	return app.Save(c)
}

// fields are the 28 of the form, 26 scalars and two of JSON, the status, and the two times. The id is PocketBase's own.
func fields() (all []core.Field) {
	for _, s := range choices() {
		all = append(all, &core.SelectField{Name: s.name, Values: s.values, MaxSelect: 1})
	}
	return append(all,
		&core.TextField{Name: "reason", Required: true, Max: 4000}, &core.TextField{Name: "hopes_own_words", Max: 4000},
		&core.TextField{Name: "name", Required: true, Max: 200}, &core.EmailField{Name: "email", Required: true},
		&core.BoolField{Name: "call_me_soon"},
		&core.JSONField{Name: "availability"}, &core.JSONField{Name: "answers"},
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
}

// choice is a question with one answer of several.
type choice struct {
	name   string
	values []string
}

// choices are 21 of the form's questions, and the status.
func choices() []choice {
	scale := []string{"not-at-all", "a-little", "somewhat", "mostly", "fully"}
	return []choice{
		{"status", []string{
			"submitted", "in_review", "interview", "eligible", "waitlisted", "enrolled", "withdrawn", "referred_on",
		}},
		{"language", []string{"en", "pl", "lv", "fa"}},
		{"applying_for", []string{"myself", "my-family", "our-team", "my-neighbourhood"}},
		{"since", []string{"days", "weeks", "months", "years", "always"}},
		{"daily_life", []string{"well", "mostly", "hard", "very-hard"}},
		{"life_crisis", []string{"no", "settling", "now"}},
		{"reality", []string{"no", "sometimes", "often"}},
		{"self_harm", []string{"no", "earlier", "lately"}},
		{"safe_at_home", []string{"yes", "not-always", "no"}},
		{"sober", []string{"yes", "not-sure", "no"}},
		{"ready_benefit", scale}, {"ready_speak", scale}, {"ready_listen", scale}, {"ready_comfort", scale},
		{"ready_attend", scale}, {"ready_agreement", scale},
		{"attendance", []string{"five-of-five", "four-of-five", "fewer"}},
		{"practice", []string{"yes", "maybe", "no"}},
		{"feedback", []string{"yes", "careful", "no"}},
		{"experience", []string{"none", "individual", "group", "both"}},
		{"own_wish", []string{"mine", "suggested", "required"}},
		{"age_band", []string{"child", "adolescent", "young-adult", "adult", "older-adult", "undisclosed"}},
	}
}
