package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
)

// once runs a writing unit, and under an idempotency key at most once: a repeated request gets the first answer, which
// was kept in the same unit as what it tells of. T is what is kept, and must survive a round trip through JSON.
func once[T any](
	ctx context.Context, s *Server, operation string, key IdempotencyKey, request any, fn func(*store.Tx) (T, error),
) (answer T, err error) {
	caller := callerOf(ctx)
	if key == "" {
		err = s.DB.Update(ctx, caller, func(tx *store.Tx) error {
			answer, err = fn(tx)
			return err
		})
		return answer, err
	}
	replay, err := replayOf(caller, operation, key, request)
	if err != nil {
		return answer, err
	}
	err = s.DB.Update(ctx, caller, func(tx *store.Tx) error {
		raw, err := tx.Answered(replay)
		if err != nil {
			return atKey(err)
		}
		if raw != nil {
			tx.Audit("replay", operation)
			return json.Unmarshal(raw, &answer)
		}
		if answer, err = fn(tx); err != nil {
			return err
		}
		if raw, err = json.Marshal(answer); err != nil {
			return err
		}
		return tx.Answer(replay, raw)
	})
	return answer, err
}

func replayOf(caller account.Caller, operation string, key IdempotencyKey, request any) (store.Replay, error) {
	raw, err := json.Marshal(request)
	if err != nil {
		return store.Replay{}, fmt.Errorf("request of %s: %w", operation, err)
	}
	return store.Replay{
		Scope: string(caller.Kind) + " " + string(caller.Person) + " " + operation, Key: string(key), Request: raw,
	}, nil
}

// atKey names the header that is at fault.
func atKey(err error) error {
	if !errors.Is(err, store.ErrKeyReused) {
		return err
	}
	e := *store.ErrKeyReused
	e.Fields = []fault.Field{{Path: "Idempotency-Key", Code: "value"}}
	return &e
}
