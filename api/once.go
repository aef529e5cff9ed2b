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
	return write(ctx, s, s.DB.Update, operation, key, request, fn)
}

// addOnce is once for a unit that only adds (store.DB.Append).
func addOnce[T any](
	ctx context.Context, s *Server, operation string, key IdempotencyKey, request any, fn func(*store.Tx) (T, error),
) (answer T, err error) {
	return write(ctx, s, s.DB.Append, operation, key, request, fn)
}

// mostAnswered is how often the same request may be found answered by another one that came at the same time, and then
// not found again.
const mostAnswered = 3

type unitRunner func(ctx context.Context, caller account.Caller, fn func(*store.Tx) error) error

func write[T any](ctx context.Context, s *Server, run unitRunner, operation string, key IdempotencyKey, request any,
	fn func(*store.Tx) (T, error),
) (answer T, err error) {
	caller := callerOf(ctx)
	if key == "" {
		err = run(ctx, caller, func(tx *store.Tx) error {
			answer, err = fn(tx)
			return err
		})
		return answer, err
	}
	replay, err := replayOf(caller, operation, key, request)
	if err != nil {
		return answer, err
	}
	for range mostAnswered {
		var kept []byte
		if kept, err = s.answered(ctx, caller, operation, replay); err != nil {
			return answer, err
		}
		if kept != nil {
			return answer, json.Unmarshal(kept, &answer)
		}
		err = run(ctx, caller, func(tx *store.Tx) error {
			if answer, err = fn(tx); err != nil {
				return err
			}
			raw, err := json.Marshal(answer)
			if err != nil {
				return err
			}
			return tx.Answer(replay, raw)
		})
		if err == nil {
			return answer, nil
		}
		if !errors.Is(err, store.ErrAnswered) {
			break // the same request may have been first, and stand in its own way
		}
	}
	if fault.KindOf(err) == fault.Unavailable {
		return answer, err // nobody can look anything up now
	}
	if kept, lookUp := s.answered(ctx, caller, operation, replay); lookUp == nil && kept != nil {
		return answer, json.Unmarshal(kept, &answer)
	}
	return answer, err
}

// answered gives what the same request was answered before, or nil. The replay leaves an audit row.
func (s *Server) answered(
	ctx context.Context, caller account.Caller, operation string, replay store.Replay,
) (kept []byte, err error) {
	err = s.DB.View(ctx, caller, func(tx *store.Tx) error {
		kept, err = tx.Answered(replay)
		return atKey(err)
	})
	if err != nil || kept == nil {
		return nil, err
	}
	err = s.DB.Update(ctx, caller, func(tx *store.Tx) error {
		tx.Audit("replay", operation)
		return nil
	})
	if errors.Is(err, store.ErrReadOnly) {
		s.Log.Error("a replay left no audit row: nothing is written any more", "operation", operation)
		err = nil // the answer is theirs, and a receipt is needed now
	}
	return kept, err
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
