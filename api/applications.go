package api

import (
	"context"

	"grupa/intake"
	"grupa/intake/screen"
	"grupa/internal/store"
	"grupa/internal/words"
)

const defaultLimit = 30

func limitOr(limit *Limit) int {
	if limit == nil {
		return defaultLimit
	}
	return *limit
}

// ListApplications gives a page of what the coordinator may see.
func (s *Server) ListApplications(
	ctx context.Context, r ListApplicationsRequestObject,
) (ListApplicationsResponseObject, error) {
	f := filterIn(r.Params)
	var out listedApplications
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) (err error) {
		out.page, err = intake.List(tx, f)
		return err
	})
	out.counted = f.Total
	return out, err
}

func filterIn(p ListApplicationsParams) intake.Filter {
	f := intake.Filter{
		Safety: intake.Safety(p.Safety), Type: p.GroupType, Verdict: screen.Verdict(p.Verdict), Search: p.Q,
		From: p.SubmittedFrom, Until: p.SubmittedUntil, Sort: intake.Sort(p.Sort), Cursor: string(p.Cursor),
		Limit: limitOr(p.Limit), Total: p.Total,
	}
	if f.Sort == "" {
		f.Sort = intake.NewestFirst
	}
	for _, state := range p.State {
		f.States = append(f.States, intake.State(state))
	}
	for _, l := range p.Language {
		f.Languages = append(f.Languages, words.Lang(l))
	}
	return f
}

// GetApplication opens one application: a unit that writes, for the audit row.
func (s *Server) GetApplication(
	ctx context.Context, r GetApplicationRequestObject,
) (GetApplicationResponseObject, error) {
	lang := s.lang(ctx, string(r.Params.Lang), "")
	var out GetApplication200JSONResponse
	err := s.DB.Update(ctx, callerOf(ctx), func(tx *store.Tx) error {
		a, err := intake.Open(tx, intake.ApplicationID(r.ID))
		if err != nil {
			return err
		}
		form, err := tx.FormVersion(a.Form)
		if err != nil {
			return err
		}
		out.Body, out.Headers.ETag = applicationOut(a, form, lang), etag(a.Version)
		return nil
	})
	return out, err
}

func applicationOut(a intake.Application, form *intake.Form, lang words.Lang) Application {
	c := a.Contact
	out := Application{
		ID: string(a.ID), Reference: a.Reference, Form: a.Form.Slug, FormVersion: a.Form.Version, State: string(a.State),
		Language: string(a.Language), TimeZone: a.TimeZone, Safety: string(a.Safety), Version: a.Version,
		SubmittedAt: a.Submitted, UpdatedAt: a.Updated, Answers: []ReadAnswer{},
		Contact: Contact{
			Name: c.Name, Email: c.Email, Phone: c.Phone, Reach: ContactReach(c.Reach), Discreet: c.Discreet, Note: c.Note,
		},
	}
	for _, read := range intake.ReadAnswers(form, a.Answers, lang) {
		given := a.Answers[read.LinkID]
		out.Answers = append(out.Answers, ReadAnswer{
			LinkID: read.LinkID, Question: read.Text, Answer: read.Answer, Choices: given.Choices,
			Availability: slotsOut(given.Availability), Declined: given.Declined,
		})
	}
	return out
}

// GetScreening says what the criteria found: a unit that writes, for the audit row.
func (s *Server) GetScreening(ctx context.Context, r GetScreeningRequestObject) (GetScreeningResponseObject, error) {
	lang := s.lang(ctx, string(r.Params.Lang), "")
	var out Screening
	err := s.DB.Update(ctx, callerOf(ctx), func(tx *store.Tx) error {
		a, screening, err := intake.OpenScreening(tx, intake.ApplicationID(r.ID))
		if err != nil {
			return err
		}
		out, err = screeningOut(tx, screening, a.Answers, lang, intake.ForStaff)
		return err
	})
	return GetScreening200JSONResponse(out), err
}

// Rescreen screens again with today's criteria.
func (s *Server) Rescreen(ctx context.Context, r RescreenRequestObject) (RescreenResponseObject, error) {
	lang := s.lang(ctx, string(r.Params.Lang), "")
	out, err := once(ctx, s, "rescreen", r.Params.IdempotencyKey, r, func(tx *store.Tx) (Screening, error) {
		a, screening, err := intake.Rescreen(tx, intake.ApplicationID(r.ID))
		if err != nil {
			return Screening{}, err
		}
		return screeningOut(tx, screening, a.Answers, lang, intake.ForStaff)
	})
	return Rescreen201JSONResponse(out), err
}
