package api

import (
	"context"

	"grupa/group"
	"grupa/intake"
	"grupa/internal/store"
)

// tagged is a body with its version, as it is kept for a repeated request.
type tagged[T any] struct {
	Body T
	ETag string
}

// ListDecisions gives what was decided, with reasons: a unit that writes, for the audit row.
func (s *Server) ListDecisions(ctx context.Context, r ListDecisionsRequestObject) (ListDecisionsResponseObject, error) {
	out := DecisionList{Items: []Decision{}}
	err := s.DB.Update(ctx, callerOf(ctx), func(tx *store.Tx) error {
		decisions, err := intake.History(tx, intake.ApplicationID(r.ID))
		for _, d := range decisions {
			out.Items = append(out.Items, decisionOut(d))
		}
		return err
	})
	return ListDecisions200JSONResponse(out), err
}

// Decide records a decision.
func (s *Server) Decide(ctx context.Context, r DecideRequestObject) (DecideResponseObject, error) {
	version, err := versionOf(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	b := r.Body
	decision := intake.Decision{
		Verb: intake.Verb(b.Decision), Type: b.GroupType, Alternative: b.Alternative, Reason: b.Reason,
	}
	out, err := once(ctx, s, "decide", r.Params.IdempotencyKey, r, func(tx *store.Tx) (tagged[Decision], error) {
		d, err := group.Decide(tx, intake.ApplicationID(r.ID), version, decision)
		return tagged[Decision]{decisionOut(d), etag(version + 1)}, err
	})
	return Decide201JSONResponse{Body: out.Body, Headers: Decide201ResponseHeaders{ETag: out.ETag}}, err
}

func decisionOut(d intake.Decision) Decision {
	return Decision{
		ID: d.ID, Decision: string(d.Verb), GroupType: d.Type, Alternative: d.Alternative, Override: d.Override,
		Reason: d.Reason, DecidedBy: string(d.By), DecidedAt: d.At,
	}
}
