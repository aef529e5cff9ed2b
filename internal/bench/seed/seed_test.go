package seed

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/store"
)

func TestAFilledInstallationHasEveryState(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := Installation{Database: filepath.Join(dir, "data", "grupa.db"), KeyFile: filepath.Join(dir, "keys", "key")}
	const applications = 300
	keys, err := Fill(t.Context(), at, applications)
	if err != nil {
		t.Fatal(err)
	}
	db, err := open(t.Context(), at, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	caller, states, languages := account.Caller{}, map[intake.State]int{}, map[string]int{}
	err = db.View(t.Context(), account.Machine(), func(tx *store.Tx) (err error) {
		caller, err = tx.CallerByToken(account.HashOf(keys.Token))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for cursor, more := "", true; more; more = cursor != "" {
		page := pageOf(t.Context(), t, db, caller, cursor)
		for _, a := range page.Items {
			states[a.State]++
			languages[string(a.Language)]++
			if !a.Updated.Before(time.Now()) {
				t.Errorf("an application changed in the future: %s", a.Updated)
			}
		}
		cursor = page.Next
	}
	if states[intake.Submitted] != applications/10 || len(states) != 9 || len(languages) != 4 {
		t.Errorf("states %v, languages %v", states, languages)
	}
}

func pageOf(ctx context.Context, t *testing.T, db *store.DB, c account.Caller, cursor string) (page intake.Page) {
	t.Helper()
	err := db.View(ctx, c, func(tx *store.Tx) (err error) {
		page, err = intake.List(tx, intake.Filter{Limit: 100, Cursor: cursor})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestSurnamesAreShared(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for n := range surnames {
		names[Surname(n)] = true
	}
	if len(names) != surnames {
		t.Errorf("%d of %d", len(names), surnames)
	}
}
