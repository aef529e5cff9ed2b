package notify

import (
	"context"
	"time"

	"grupa/internal/account"
	"grupa/internal/store"
)

// read brings a mail up to date in one unit; a nil letter has nothing to tell any more.
func (w *Worker) read(ctx context.Context, m store.Mail) (l *store.Letter, now time.Time, err error) {
	err = w.DB.View(ctx, account.Machine(), func(tx *store.Tx) (err error) {
		now = tx.Now()
		l, err = tx.Letter(m)
		return err
	})
	return l, now, err
}
