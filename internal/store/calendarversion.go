package store

import "time"

// touchCalendar says that this unit changes what a feed shows, or whether it is shown. A feed that is made anew needs
// no touch: nobody keeps the answer of an address that was none.
func (tx *Tx) touchCalendar() { tx.touched = true }

// bumpCalendar raises the calendar's version if the unit touched it. It comes last before the audit rows: on PostgreSQL
// the units that touch the calendar wait for each other from here to their commits, and no longer.
func (tx *Tx) bumpCalendar() error {
	if !tx.touched {
		return nil
	}
	result := tx.g.Exec("UPDATE calendar_version SET version = version + 1 WHERE id = 1")
	if result.Error == nil && result.RowsAffected != 1 {
		return errNotOne // nobody would ever learn of the change
	}
	return result.Error
}

// CalendarVersion is the number that rises with every unit that changes what a feed shows, on whatever replica. What
// was read in one unit with it is as it was read for as long as it stays.
func (tx *Tx) CalendarVersion() (version int64, err error) {
	err = tx.g.Raw("SELECT version FROM calendar_version WHERE id = 1").Row().Scan(&version)
	return version, err
}

// CalendarTouches counts the units of this process that changed what a feed shows, or may have: it rises before Update
// returns. It spares whoever made the change the wait until the version is looked at again.
func (db *DB) CalendarTouches() int64 { return db.calendarTouches.Load() }

// Now is the clock of every unit, to its last digit.
func (db *DB) Now() time.Time { return db.cfg.Now() }
