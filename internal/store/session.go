package store

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"grupa/calendar"
	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/fault"
)

type sessionRow struct {
	ID         string `gorm:"primaryKey"`
	GroupID    string
	SeriesID   string
	Number     int
	StartLocal string
	TimeZone   string
	Minutes    int
	StartsAt   int64
	EndsAt     int64
	RoomID     *string
	State      string
	Sequence   int
	Version    int
	CreatedAt  int64 `gorm:"autoCreateTime:false"`
	UpdatedAt  int64 `gorm:"autoUpdateTime:false"`
}

func (sessionRow) TableName() string { return "session" }

func (r sessionRow) session() (calendar.Session, error) {
	start, err := calendar.ParseLocal(r.StartLocal)
	if err != nil {
		return calendar.Session{}, fmt.Errorf("stored session: %v", err) // not the client's fault, so not its error
	}
	return calendar.Session{
		ID: calendar.SessionID(r.ID), Group: r.GroupID, Series: calendar.SeriesID(r.SeriesID), Number: r.Number,
		Start: start, Zone: r.TimeZone, Minutes: r.Minutes,
		StartsAt: time.Unix(r.StartsAt, 0).UTC(), EndsAt: time.Unix(r.EndsAt, 0).UTC(),
		Room: calendar.RoomID(orEmpty(r.RoomID)), State: calendar.State(r.State), Sequence: r.Sequence,
		Version: r.Version, Created: time.Unix(r.CreatedAt, 0).UTC(), Updated: time.Unix(r.UpdatedAt, 0).UTC(),
	}, nil
}

func sessionRowOf(s calendar.Session) sessionRow {
	return sessionRow{
		ID: string(s.ID), GroupID: s.Group, SeriesID: string(s.Series), Number: s.Number, StartLocal: s.Start.String(),
		TimeZone: s.Zone, Minutes: s.Minutes, StartsAt: s.StartsAt.Unix(), EndsAt: s.EndsAt.Unix(),
		RoomID: orNull(string(s.Room)), State: string(s.State), Sequence: s.Sequence, Version: s.Version,
		CreatedAt: s.Created.Unix(), UpdatedAt: s.Updated.Unix(),
	}
}

type sessionFacilitatorRow struct {
	SessionID string `gorm:"primaryKey"`
	PersonID  string `gorm:"primaryKey"`
}

func (sessionFacilitatorRow) TableName() string { return "session_facilitator" }

// rowsTogether is how many rows one statement inserts. A series has hundreds, and the database may be a network away.
const rowsTogether = 100

func (tx *Tx) insertSessions(sessions []calendar.Session) error {
	var rows []sessionRow
	var leaders []sessionFacilitatorRow
	for _, s := range sessions {
		rows = append(rows, sessionRowOf(s))
		for _, f := range s.Facilitators {
			leaders = append(leaders, sessionFacilitatorRow{string(s.ID), string(f)})
		}
	}
	if err := tx.g.CreateInBatches(rows, rowsTogether).Error; err != nil || len(leaders) == 0 {
		return err
	}
	return tx.g.CreateInBatches(leaders, rowsTogether).Error
}

// CreateSeries stores a series with all its sessions and books their rooms and facilitators. The first clash that the
// trigger booking_clash finds refuses all of it.
func (tx *Tx) CreateSeries(p calendar.Planned, groupID string) error {
	tx.touchCalendar()
	var count *int
	var until *string
	if p.Plan.Count > 0 {
		count = &p.Plan.Count
	}
	if p.Plan.Until != nil {
		until = new(p.Plan.Until.String())
	}
	var skip []string
	for _, d := range p.Plan.Skip {
		skip = append(skip, d.String())
	}
	err := tx.g.Exec(`INSERT INTO series
		(id, group_id, start_local, time_zone, minutes, every_weeks, count, until_day, skip_days, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, string(p.Series), groupID, p.Plan.Start.String(), p.Plan.Zone,
		p.Plan.Minutes, p.Plan.Every, count, until, strings.Join(skip, ","), tx.now.Unix()).Error
	if err != nil {
		return err
	}
	if err := tx.insertSessions(p.Sessions); err != nil {
		return err
	}
	return tx.book(p.Sessions...)
}

// SaveSession stores time, room and state of a session and books them anew, if the version is still the stored one.
func (tx *Tx) SaveSession(s calendar.Session) error {
	tx.touchCalendar()
	result := tx.g.Exec(`UPDATE session SET start_local = ?, time_zone = ?, minutes = ?, starts_at = ?, ends_at = ?,
		room_id = ?, state = ?, sequence = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?`,
		s.Start.String(), s.Zone, s.Minutes, s.StartsAt.Unix(), s.EndsAt.Unix(), orNull(string(s.Room)), string(s.State),
		s.Sequence, tx.now.Unix(), string(s.ID), s.Version)
	if result.Error != nil {
		return result.Error
	}
	if result.RowsAffected != 1 {
		return calendar.ErrChanged
	}
	if err := tx.g.Exec("DELETE FROM booking WHERE session_id = ?", string(s.ID)).Error; err != nil {
		return err
	}
	return tx.book(s)
}

// bookingRow is something that a session needs for itself: its room, a facilitator, the group, which can't meet twice
// at once.
type bookingRow struct {
	SessionID  string `gorm:"primaryKey"`
	Resource   string `gorm:"primaryKey"`
	ResourceID string `gorm:"primaryKey"`
	BusyFrom   int64
	BusyUntil  int64
	zone       string // of the session
}

func (bookingRow) TableName() string { return "booking" }

// bookingsOf gives what the sessions need, in the order of what is needed: units that want the same wait for each other
// and never in a circle.
func bookingsOf(sessions []calendar.Session) (all []bookingRow) {
	for _, s := range sessions {
		need := func(resource, id string) {
			all = append(all, bookingRow{string(s.ID), resource, id, s.StartsAt.Unix(), s.EndsAt.Unix(), s.Zone})
		}
		if s.State == calendar.StateCancelled {
			continue
		}
		need("group", s.Group)
		if s.Room != "" {
			need("room", string(s.Room))
		}
		for _, f := range s.Facilitators {
			need("facilitator", string(f))
		}
	}
	slices.SortStableFunc(all, func(a, b bookingRow) int { return strings.Compare(a.ResourceID, b.ResourceID) })
	return all
}

// book takes what the sessions need. Only the database refuses: then every clash is looked up, to name it.
func (tx *Tx) book(sessions ...calendar.Session) error {
	all := bookingsOf(sessions)
	if len(all) == 0 {
		return nil
	}
	err := tx.attempt(func() error { return tx.g.CreateInBatches(all, rowsTogether).Error })
	if !refusedBy(err, "clash") {
		return err
	}
	return tx.clashes(all)
}

// clashes names what is taken and when, session by session, in the zone of the one that wants it. Not by whom.
func (tx *Tx) clashes(wanted []bookingRow) error {
	slices.SortStableFunc(wanted, func(a, b bookingRow) int {
		return cmp.Or(cmp.Compare(a.BusyFrom, b.BusyFrom), -strings.Compare(a.Resource, b.Resource))
	})
	var clashes []fault.Clash
	for _, w := range wanted {
		var others []struct{ BusyFrom, BusyUntil int64 }
		err := tx.g.Raw(`SELECT busy_from, busy_until FROM booking
			WHERE resource_id = ? AND busy_from < ? AND busy_until > ? ORDER BY busy_from LIMIT 1`,
			w.ResourceID, w.BusyUntil, w.BusyFrom).Scan(&others).Error
		if err != nil {
			return err
		}
		for _, other := range others {
			there := calendar.Session{
				Zone: w.zone, StartsAt: time.Unix(other.BusyFrom, 0), EndsAt: time.Unix(other.BusyUntil, 0),
			}
			clashes = append(clashes, fault.Clash{
				Resource: w.Resource, ID: w.ResourceID, Start: there.StartText(), End: there.EndText(),
			})
		}
	}
	return calendar.ErrClash.Over(clashes...)
}

func (tx *Tx) withFacilitators(s calendar.Session) (calendar.Session, error) {
	err := tx.g.Raw("SELECT person_id FROM session_facilitator WHERE session_id = ? ORDER BY person_id", string(s.ID)).
		Scan(&s.Facilitators).Error
	return s, err
}

// Session gives a session of a group in the caller's scope.
func (tx *Tx) Session(id calendar.SessionID) (calendar.Session, error) {
	var row sessionRow
	err := tx.locked(tx.g).Where("id = ? AND group_id IN (?)", string(id), tx.groups().Select("id")).Take(&row).Error
	if err != nil {
		return calendar.Session{}, orNotFound(err, calendar.ErrNoSession)
	}
	s, err := row.session()
	if err != nil {
		return s, err
	}
	return tx.withFacilitators(s)
}

// GroupSessions lists the sessions of a group, the earliest first.
func (tx *Tx) GroupSessions(groupID string) ([]calendar.Session, error) {
	var rows []sessionRow
	err := tx.g.Where("group_id = ? AND group_id IN (?)", groupID, tx.groups().Select("id")).
		Order("starts_at, id").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	var all []calendar.Session
	for _, r := range rows {
		s, err := r.session()
		if err != nil {
			return nil, err
		}
		if s, err = tx.withFacilitators(s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// PersonSessions gives the sessions within a person's memberships and the window, the earliest first. A session is
// within a membership by its day on the wall clock where it happens.
func (tx *Tx) PersonSessions(person account.PersonID, w calendar.Window) ([]calendar.Meeting, error) {
	var rows []struct {
		Session     sessionRow `gorm:"embedded"`
		TypeSlug    string
		TypeVersion int
		RoomName    []byte
		RoomOwner   string
	}
	err := tx.g.Raw(`SELECT DISTINCT s.*, g.type_slug, g.type_version, r.name AS room_name, r.programme_id AS room_owner
		FROM membership m
		JOIN session s ON s.group_id = m.group_id
			AND substr(s.start_local, 1, 10) >= m.from_day AND (m.to_day IS NULL OR substr(s.start_local, 1, 10) <= m.to_day)
		JOIN care_group g ON g.id = m.group_id
		LEFT JOIN room r ON r.id = s.room_id
		WHERE m.person_id = ? AND s.ends_at > ? AND s.starts_at < ? ORDER BY s.starts_at, s.id`,
		string(person), w.From.Unix(), w.Until.Unix()).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	var all []calendar.Meeting
	for _, r := range rows {
		s, err := r.Session.session()
		if err != nil {
			return nil, err
		}
		t, err := tx.GroupTypeVersion(r.TypeSlug, r.TypeVersion)
		if err != nil {
			return nil, err
		}
		m := calendar.Meeting{Session: s, About: t.Name}
		if s.Room != "" {
			name, err := tx.openFor("programme", r.RoomOwner, roomAt(string(s.Room)), r.RoomName)
			if err != nil {
				return nil, err
			}
			m.Place = string(name)
		}
		all = append(all, m)
	}
	return all, nil
}

// MembersBusy says whether a member of the session's group has a session of another group then.
func (tx *Tx) MembersBusy(s calendar.Session) (bool, error) {
	var n int64
	err := tx.g.Raw(`SELECT count(*) FROM (SELECT 1 FROM membership mine
		JOIN membership m ON m.person_id = mine.person_id AND m.group_id <> mine.group_id
			AND m.state IN ('enrolled', 'active', 'on_hold')
		JOIN session other ON other.group_id = m.group_id AND other.state IN ('planned', 'moved')
		WHERE mine.group_id = ? AND mine.state IN ('enrolled', 'active', 'on_hold')
			AND other.starts_at < ? AND other.ends_at > ? LIMIT 1) AS one`,
		s.Group, s.EndsAt.Unix(), s.StartsAt.Unix()).Scan(&n).Error
	return n > 0, err
}

// CancelGroupSessions cancels the sessions of a group that are still to come, and frees what they had booked.
func (tx *Tx) CancelGroupSessions(id group.ID) error {
	tx.touchCalendar()
	err := tx.g.Exec(`DELETE FROM booking WHERE session_id IN
		(SELECT id FROM session WHERE group_id = ? AND state IN ('planned', 'moved') AND ends_at > ?)`,
		string(id), tx.now.Unix()).Error
	if err != nil {
		return err
	}
	return tx.g.Exec(`UPDATE session SET state = 'cancelled', sequence = sequence + 1, version = version + 1, updated_at = ?
		WHERE group_id = ? AND state IN ('planned', 'moved') AND ends_at > ?`,
		tx.now.Unix(), string(id), tx.now.Unix()).Error
}

// HasSessionsToCome says whether the group still meets.
func (tx *Tx) HasSessionsToCome(id group.ID) (bool, error) {
	var n int64
	err := tx.g.Raw(`SELECT count(*) FROM (SELECT 1 FROM session WHERE group_id = ? AND state IN ('planned', 'moved')
		AND ends_at > ? LIMIT 1) AS one`, string(id), tx.now.Unix()).Scan(&n).Error
	return n > 0, err
}
