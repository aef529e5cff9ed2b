package api

import (
	"context"
	"time"

	"grupa/group"
	"grupa/intake"
	"grupa/internal/fault"
	"grupa/internal/store"
)

// ListOffers gives the seats that were offered to an applicant.
func (s *Server) ListOffers(ctx context.Context, r ListOffersRequestObject) (ListOffersResponseObject, error) {
	out := OfferList{Items: []Offer{}}
	err := s.DB.View(ctx, callerOf(ctx), func(tx *store.Tx) error {
		offers, err := group.Offered(tx, intake.ApplicationID(r.ID))
		for _, o := range offers {
			out.Items = append(out.Items, offerOut(o, tx.Now()))
		}
		return err
	})
	return ListOffers200JSONResponse(out), err
}

// MakeOffer holds a seat.
func (s *Server) MakeOffer(ctx context.Context, r MakeOfferRequestObject) (MakeOfferResponseObject, error) {
	expires, err := time.Parse(time.RFC3339, r.Body.ExpiresAt)
	if err != nil {
		return nil, fault.At("expires_at", "value")
	}
	out, err := once(ctx, s, "offer", r.Params.IdempotencyKey, r, func(tx *store.Tx) (Offer, error) {
		o, err := group.MakeOffer(tx, intake.ApplicationID(r.ID), group.ID(r.Body.GroupID), expires)
		return offerOut(o, tx.Now()), err
	})
	return MakeOffer201JSONResponse(out), err
}

// TakeBackOffer lets a held seat go.
func (s *Server) TakeBackOffer(ctx context.Context, r TakeBackOfferRequestObject) (TakeBackOfferResponseObject, error) {
	err := s.DB.Update(ctx, callerOf(ctx), func(tx *store.Tx) error {
		return group.TakeBack(tx, intake.ApplicationID(r.ID), group.OfferID(r.OfferID))
	})
	return TakeBackOffer204Response{}, err
}

func offerOut(o group.Offer, now time.Time) Offer {
	return Offer{
		ID: string(o.ID), GroupID: string(o.Group), ApplicationID: string(o.Application), State: OfferState(o.At(now)),
		CreatedAt: o.Created, ExpiresAt: o.Expires,
	}
}
