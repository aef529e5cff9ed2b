package api

import (
	"context"

	"grupa/group"
	"grupa/intake"
	"grupa/internal/store"
	"grupa/internal/words"
)

// GetMe says where the applicant stands. Reading one's own answers leaves no audit row.
func (s *Server) GetMe(ctx context.Context, r GetMeRequestObject) (GetMeResponseObject, error) {
	var out Me
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) error {
		a, screening, err := intake.Own(tx)
		if err != nil {
			return err
		}
		lang := s.lang(ctx, string(r.Params.Lang), a.Language)
		out = Me{
			ApplicationID: string(a.ID), Reference: a.Reference, State: string(a.State),
			StateText: words.Say(lang, "state."+string(a.State), nil), Language: string(a.Language),
			SubmittedAt: a.Submitted,
		}
		if a.Safety == intake.SafetyOpen {
			out.Help = s.help(lang)
		}
		out.Screening, err = screeningOut(tx, screening, a.Answers, lang, intake.ForApplicant)
		return err
	})
	return GetMe200JSONResponse(out), err
}

// ListMyOffers gives the applicant's offers with what they would agree to.
func (s *Server) ListMyOffers(ctx context.Context, r ListMyOffersRequestObject) (ListMyOffersResponseObject, error) {
	out := InvitationList{Items: []Invitation{}}
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) error {
		lang, err := s.ownLang(ctx, tx, string(r.Params.Lang))
		if err != nil {
			return err
		}
		invitations, err := group.Invitations(tx)
		for _, i := range invitations {
			invitation, err := invitationOut(tx, i, lang)
			if err != nil {
				return err
			}
			out.Items = append(out.Items, invitation)
		}
		return err
	})
	return ListMyOffers200JSONResponse(out), err
}

func (s *Server) ownLang(ctx context.Context, tx *store.Tx, asked string) (words.Lang, error) {
	a, err := tx.OwnApplicationHead()
	return s.lang(ctx, asked, a.Language), err
}

func invitationOut(tx *store.Tx, i group.Invitation, lang words.Lang) (Invitation, error) {
	t, err := tx.GroupTypeVersion(i.Group.Type, i.Group.TypeVersion)
	if err != nil {
		return Invitation{}, err
	}
	out := Invitation{
		ID: string(i.Offer.ID), State: InvitationState(i.Offer.At(tx.Now())), ExpiresAt: i.Offer.Expires,
		GroupType: t.Slug, Name: t.Name.In(lang), Summary: t.Summary.In(lang), Language: string(i.Group.Language),
		Delivery: i.Group.Delivery, Consents: []ConsentElement{},
	}
	for _, e := range i.Consent {
		out.Consents = append(out.Consents, ConsentElement{
			Element: e.Slug, Version: e.Version, Language: string(lang), Name: e.Name.In(lang), Text: e.Text.In(lang),
		})
	}
	return out, nil
}

// AcceptOffer takes the seat, with consent.
func (s *Server) AcceptOffer(ctx context.Context, r AcceptOfferRequestObject) (AcceptOfferResponseObject, error) {
	var agreed []group.Agreement
	for _, c := range r.Body.Consents {
		agreed = append(agreed, group.Agreement{
			Element: c.Element, Version: c.Version, Language: words.Lang(c.Language),
		})
	}
	out, err := once(ctx, s, "accept", r.Params.IdempotencyKey, r, func(tx *store.Tx) (Membership, error) {
		m, err := group.Accept(tx, group.OfferID(r.OfferID), agreed)
		return Membership{ID: string(m.ID), State: MembershipState(m.State), From: m.From.String()}, err
	})
	return AcceptOffer201JSONResponse(out), err
}

// DeclineOffer frees the seat.
func (s *Server) DeclineOffer(ctx context.Context, r DeclineOfferRequestObject) (DeclineOfferResponseObject, error) {
	err := s.DB.Update(ctx, callerOf(ctx), func(tx *store.Tx) error {
		return group.Decline(tx, group.OfferID(r.OfferID))
	})
	return DeclineOffer204Response{}, err
}

// Withdraw is the one step out.
func (s *Server) Withdraw(ctx context.Context, _ WithdrawRequestObject) (WithdrawResponseObject, error) {
	err := s.DB.Update(ctx, callerOf(ctx), func(tx *store.Tx) error { return group.Leave(tx) })
	return Withdraw204Response{}, err
}

// ListMyConsents gives what the member agreed to.
func (s *Server) ListMyConsents(
	ctx context.Context, r ListMyConsentsRequestObject,
) (ListMyConsentsResponseObject, error) {
	out := ConsentList{Items: []Consent{}}
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) error {
		lang, err := s.ownLang(ctx, tx, string(r.Params.Lang))
		if err != nil {
			return err
		}
		consents, err := group.Consents(tx)
		if err != nil {
			return err
		}
		for _, c := range consents {
			element, err := tx.AgreedText(c.Agreement)
			if err != nil {
				return err
			}
			out.Items = append(out.Items, Consent{
				Element: c.Element, Name: element.Name.In(lang), Text: element.Text.In(c.Language), Version: c.Version, Language: string(c.Language),
				Way: ConsentWay(c.Way), GivenAt: c.Given, WithdrawnAt: c.Withdrawn,
			})
		}
		return nil
	})
	return ListMyConsents200JSONResponse(out), err
}
