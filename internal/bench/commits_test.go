package main

import (
	"context"
	"encoding/binary"
	"os"
	"sync"
	"testing"
	"testing/synctest"

	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

// What is measured rests on these: that some ways share commits, and that one does not.

func TestUnitsThatWaitShareACommit(t *testing.T) {
	t.Parallel()
	if commits := commitsOf(t, together); commits != 1 {
		t.Errorf("%d units that waited took %d commits", writers, commits)
	}
}

func TestUnitsMadeBesideTheWriterShareACommit(t *testing.T) {
	t.Parallel()
	if commits := commitsOf(t, beside); commits != 1 {
		t.Errorf("%d units that waited took %d commits", writers, commits)
	}
}

func TestUnitsOneByOneHaveACommitEach(t *testing.T) {
	t.Parallel()
	if commits := commitsOf(t, oneByOne); commits != writers {
		t.Errorf("%d units one by one took %d commits", writers, commits)
	}
}

// commitsOf counts the commits of as many units as there are writers, all of which were handed in, as far as the way
// lets them, while another unit kept the store. That one's own commit is not counted.
func commitsOf(t *testing.T, way func(*store.DB, unit) way) (commits int) {
	synctest.Test(t, func(t *testing.T) {
		s := storetest.New(t)
		before := commitFrames(t, s.Database+"-wal")
		keeping, enough := make(chan struct{}), make(chan struct{})
		var all sync.WaitGroup
		all.Go(func() {
			s.Do(account.Anyone(), func(tx *store.Tx) error {
				close(keeping)
				<-enough
				return note(tx)
			})
		})
		<-keeping
		w := way(s.DB, note)
		for range w.clients {
			all.Go(func() {
				if err := w.do(context.WithoutCancel(t.Context())); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait() // all that can be handed in is
		close(enough)
		all.Wait()
		commits = commitFrames(t, s.Database+"-wal") - before - 1
	})
	return commits
}

// commitFrames counts the commits in a write-ahead log, in SQLite's file format: frames that carry the size of the
// database after a commit, up to the first that is left over from before the log was last begun anew.
func commitFrames(t *testing.T, path string) (commits int) {
	t.Helper()
	const header, frameHeader = 32, 24
	raw, err := os.ReadFile(path)
	if err != nil || len(raw) < header {
		t.Fatalf("%d octets of log: %v", len(raw), err)
	}
	page, salts := int(binary.BigEndian.Uint32(raw[8:])), string(raw[16:24])
	for rest := raw[header:]; len(rest) >= frameHeader+page; rest = rest[frameHeader+page:] {
		if string(rest[8:16]) != salts {
			return commits
		}
		if binary.BigEndian.Uint32(rest[4:]) != 0 {
			commits++
		}
	}
	return commits
}
