package api

import (
	"context"

	"grupa/intake"
	"grupa/intake/catalogue"
	"grupa/internal/store"
	"grupa/internal/words"
)

// GetHelp answers without the database.
func (s *Server) GetHelp(ctx context.Context, r GetHelpRequestObject) (GetHelpResponseObject, error) {
	return GetHelp200JSONResponse(s.help(s.lang(ctx, string(r.Params.Lang), ""))), nil
}

// ListVocabularies gives the words of the catalogue.
func (s *Server) ListVocabularies(
	ctx context.Context, r ListVocabulariesRequestObject,
) (ListVocabulariesResponseObject, error) {
	vocabularies, err := catalogue.Vocabularies()
	if err != nil {
		return nil, err
	}
	lang := s.lang(ctx, string(r.Params.Lang), "")
	var list VocabularyList
	for _, v := range vocabularies {
		out := Vocabulary{Vocabulary: v.Name}
		for _, e := range v.Entries {
			out.Entries = append(out.Entries, Named{Slug: e.Slug, Name: e.Name.In(lang)})
		}
		list.Items = append(list.Items, out)
	}
	return ListVocabularies200JSONResponse(list), nil
}

// ListGroupTypes gives the newest version of each type.
func (s *Server) ListGroupTypes(
	ctx context.Context, r ListGroupTypesRequestObject,
) (ListGroupTypesResponseObject, error) {
	lang := s.lang(ctx, string(r.Params.Lang), "")
	list := GroupTypeList{Items: []GroupType{}}
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) error {
		types, err := tx.GroupTypes()
		for _, t := range types {
			list.Items = append(list.Items, groupTypeOut(t, lang))
		}
		return err
	})
	return ListGroupTypes200JSONResponse(list), err
}

// GetGroupType gives the newest version of one type.
func (s *Server) GetGroupType(ctx context.Context, r GetGroupTypeRequestObject) (GetGroupTypeResponseObject, error) {
	lang := s.lang(ctx, string(r.Params.Lang), "")
	var out GroupType
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) error {
		t, err := tx.GroupType(string(r.Slug))
		if err == nil {
			out = groupTypeOut(t, lang)
		}
		return err
	})
	return GetGroupType200JSONResponse(out), err
}

// ListForms gives the newest version of each form, without its questions.
func (s *Server) ListForms(ctx context.Context, r ListFormsRequestObject) (ListFormsResponseObject, error) {
	lang := s.lang(ctx, string(r.Params.Lang), "")
	list := FormList{Items: []FormSummary{}}
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) error {
		forms, err := tx.Forms()
		for _, f := range forms {
			list.Items = append(list.Items, FormSummary{Slug: f.Slug, Version: f.Version, Title: f.Title.In(lang)})
		}
		return err
	})
	return ListForms200JSONResponse(list), err
}

// GetForm gives the newest version of one form.
func (s *Server) GetForm(ctx context.Context, r GetFormRequestObject) (GetFormResponseObject, error) {
	lang := s.lang(ctx, string(r.Params.Lang), "")
	var out Form
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) error {
		f, err := tx.Form(string(r.Slug))
		if err == nil {
			out = formOut(f, lang)
		}
		return err
	})
	return GetForm200JSONResponse(out), err
}

// SubmitApplication takes a filled form.
func (s *Server) SubmitApplication(
	ctx context.Context, r SubmitApplicationRequestObject,
) (SubmitApplicationResponseObject, error) {
	submission, err := submissionIn(*r.Body)
	if err != nil {
		return nil, err
	}
	lang := s.lang(ctx, string(r.Params.Lang), submission.Language)
	receipt, err := addOnce(ctx, s, "submit", r.Params.IdempotencyKey, r, func(tx *store.Tx) (Receipt, error) {
		receipt, err := intake.Submit(tx, submission)
		if err != nil {
			return Receipt{}, err
		}
		return s.receiptOut(tx, receipt, lang)
	})
	return SubmitApplication201JSONResponse(receipt), err
}

func (s *Server) receiptOut(tx *store.Tx, r intake.Receipt, lang words.Lang) (Receipt, error) {
	screening, err := screeningOut(tx, r.Screening, r.Application.Answers, lang, intake.ForApplicant)
	out := Receipt{
		ID: string(r.Application.ID), Reference: r.Application.Reference, ReceiptCode: r.Code,
		State: string(r.Application.State), Screening: screening,
	}
	if r.Application.Safety == intake.SafetyOpen {
		out.Help = s.help(lang)
	}
	return out, err
}
