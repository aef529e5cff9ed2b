package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/labstack/echo/v4"

	"grupa/intake"
	"grupa/intake/catalogue"
	"grupa/intake/screen"
	"grupa/internal/account"
)

// handler takes records.
type handler struct {
	table *table
	check *validator.Validate
	types []*intake.GroupType
}

func newHandler(t *table) (http.Handler, error) {
	types, err := groupTypes()
	if err != nil {
		return nil, err
	}
	h := &handler{t, validator.New(validator.WithRequiredStructEnabled()), types}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.POST("/records", h.create)
	return e, nil
}

// groupTypes are the catalogue's, by slug, with their criteria compiled.
func groupTypes() (types []*intake.GroupType, err error) {
	forms := map[string][]*intake.Form{}
	for slug, raw := range catalogue.FormFiles() {
		form, err := intake.ParseForm(raw)
		if err != nil {
			return nil, err
		}
		forms[slug] = []*intake.Form{form}
	}
	for _, raw := range catalogue.TypeFiles() {
		t, err := intake.ParseGroupType(raw, func(slug string) []*intake.Form { return forms[slug] })
		if err != nil {
			return nil, err
		}
		types = append(types, t)
	}
	slices.SortFunc(types, func(a, b *intake.GroupType) int { return strings.Compare(a.Slug, b.Slug) })
	return types, nil
}

func (h *handler) create(c echo.Context) error {
	var r record
	if err := json.NewDecoder(http.MaxBytesReader(c.Response(), c.Request().Body, 64<<10)).Decode(&r); err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, err.Error())
	}
	if err := h.check.Struct(&r); err != nil {
		return echo.NewHTTPError(http.StatusUnprocessableEntity, err.Error())
	}
	out := created{ID: account.NewID(), Screening: h.screen(&r)}
	values, err := r.values()
	if err != nil {
		return err
	}
	if err := h.table.insert(out.ID, "submitted", values); err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, out)
}

// created is the answer, with every reason.
type created struct {
	ID        string      `json:"id"`
	Screening []screening `json:"screening"`
}

type screening struct {
	Type    string   `json:"group_type"`
	Verdict string   `json:"verdict"`
	Reasons []reason `json:"reasons"`
	Open    []string `json:"open,omitempty"`
}

type reason struct {
	Criterion string `json:"criterion"`
	Outcome   string `json:"outcome"`
	Counts    bool   `json:"counts"`
}

func (h *handler) screen(r *record) []screening {
	person, all := screen.NewPerson(r.facts()), make([]screening, 0, len(h.types))
	for _, t := range h.types {
		result := t.Program().Run(person)
		s := screening{Type: t.Slug, Verdict: string(result.Verdict), Open: result.Open}
		for _, f := range result.Findings {
			s.Reasons = append(s.Reasons, reason{f.ID, f.Truth.String(), f.Counts})
		}
		all = append(all, s)
	}
	return all
}
