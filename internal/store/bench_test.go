package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

// BenchmarkUpdate is the cost of a unit: alone, when it waits for a commit of its own, and when 64 wait at once. What
// they are compared by, in turns, is printed by internal/bench.
func BenchmarkUpdate(b *testing.B) {
	for _, unit := range []struct {
		name string
		fn   func(*store.Tx) error
	}{
		{"submit", func(tx *store.Tx) error {
			_, err := intake.Submit(tx, storetest.Filled("Ada Example"))
			return err
		}},
		{"audit", func(tx *store.Tx) error {
			tx.Audit("bench.note", "")
			return nil
		}},
	} {
		b.Run("alone/"+unit.name, func(b *testing.B) { benchmarkUpdate(b, 1, unit.fn, (*store.DB).Update) })
		b.Run("together64/"+unit.name, func(b *testing.B) { benchmarkUpdate(b, 64, unit.fn, (*store.DB).Update) })
		b.Run("append64/"+unit.name, func(b *testing.B) { benchmarkUpdate(b, 64, unit.fn, (*store.DB).Append) })
	}
}

type runner func(db *store.DB, ctx context.Context, c account.Caller, fn func(*store.Tx) error) error

// benchmarkUpdate runs b.N units from that many goroutines.
func benchmarkUpdate(b *testing.B, writers int, unit func(*store.Tx) error, run runner) {
	s := storetest.New(b)
	s.Do(account.Anyone(), unit) // parses the catalogue and prepares the statements
	b.ReportAllocs()
	b.ResetTimer()
	var begun atomic.Int64
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for begun.Add(1) <= int64(b.N) {
				if err := run(s.DB, b.Context(), account.Anyone(), unit); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}
