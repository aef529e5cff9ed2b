package calendar_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"grupa/calendar"
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

// subscribe makes a feed and gives the secret of its address.
func (w world) subscribe(p storetest.Person, d calendar.FeedDraft) (f calendar.Feed, secret string) {
	w.t.Helper()
	w.Do(p.Caller, func(tx *store.Tx) (err error) {
		f, secret, err = calendar.MakeFeed(tx, d)
		return err
	})
	return f, secret
}

func (w world) openFeed(secret string) (body string, modified time.Time, err error) {
	w.t.Helper()
	err = w.View(w.t.Context(), account.Machine(), func(tx *store.Tx) error {
		_, raw, at, err := calendar.OpenFeed(tx, secret)
		body, modified = string(raw), at
		return err
	})
	return body, modified, err
}

// feed opens a feed that must be there.
func (w world) feed(secret string) (events []map[string]string) {
	w.t.Helper()
	body, _, err := w.openFeed(secret)
	noError(w.t, err)
	return eventsOf(body)
}

// eventsOf reads the properties of each VEVENT, without their parameters.
func eventsOf(body string) (events []map[string]string) {
	var at map[string]string
	for line := range strings.SplitSeq(strings.ReplaceAll(body, "\r\n ", ""), "\r\n") {
		switch name, value, _ := strings.Cut(line, ":"); {
		case line == "BEGIN:VEVENT":
			at = map[string]string{}
		case line == "END:VEVENT":
			events = append(events, at)
			at = nil
		case at != nil:
			name, _, _ = strings.Cut(name, ";")
			if _, known := at[name]; !known { // an alarm has a description of its own
				at[name] = value
			}
		}
	}
	return events
}

func each(events []map[string]string, property string) (values []string) {
	for _, e := range events {
		values = append(values, e[property])
	}
	return values
}

// member is in a group that meets weekly in a room, since 22 September.
func member(w world, count int) (storetest.Person, calendar.Planned) {
	w.t.Helper()
	f := storetest.Filled("Zofia Canary")
	f.Language = words.Polish
	p := w.Apply(f)
	w.Join(w.c, p, w.group)
	return p, w.planned(w.group,
		calendar.SeriesDraft{Plan: weekly(w.t, "2026-10-06T18:00", warsaw, count), Room: w.room("Canary room")})
}

func TestADiscreetFeedTellsATimeAndAWordAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, _ := member(w, 3)
	_, secret := w.subscribe(p, calendar.FeedDraft{})
	body, _, err := w.openFeed(secret)
	noError(t, err)
	forbidden := []string{
		"Canary", "Zofia", w.group.Title, "support", string(w.group.ID), string(p.Application),
		p.Reference, secret, "example.org",
		"LOCATION", "DESCRIPTION", "URL", "ATTENDEE", "ORGANIZER", "CATEGORIES", "VALARM", "grupa", "Grupa", string(p.Person),
	}
	w.Read(account.Machine(), func(tx *store.Tx) error {
		types, err := tx.GroupTypes()
		for _, gt := range types {
			forbidden = append(forbidden, gt.Slug)
			for _, lang := range words.Languages() {
				forbidden = append(forbidden, gt.Name[lang])
			}
		}
		return err
	})
	unfolded := strings.ToLower(strings.ReplaceAll(body, "\r\n ", ""))
	for _, word := range forbidden {
		if strings.Contains(unfolded, strings.ToLower(word)) {
			t.Errorf("the feed holds %q:\n%s", word, body)
		}
	}
	equal(t, "rules", each(eventsOf(body), "RRULE"), []string{"", "", ""})
	want := words.Say(words.Polish, "feed.summary", nil)
	equal(t, "titles", each(eventsOf(body), "SUMMARY"), []string{want, want, want})
	equal(t, "classes", each(eventsOf(body), "CLASS"), []string{"PRIVATE", "PRIVATE", "PRIVATE"})
}

func TestAFullFeedTellsPlaceAndSubjectToWhoAskedForIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, _ := member(w, 1)
	_, secret := w.subscribe(p, calendar.FeedDraft{Detail: calendar.Full, Summary: "  My Tuesday ", Alarm: time.Hour})
	e := w.feed(secret)[0]
	var name string
	w.Read(account.Machine(), func(tx *store.Tx) error {
		gt, err := tx.GroupType("support")
		name = gt.Name[words.Polish]
		return err
	})
	equal(t, "event", []string{e["SUMMARY"], e["LOCATION"], e["DESCRIPTION"], e["TRIGGER"]},
		[]string{"My Tuesday", "Canary room", name, "-PT60M"})
}

func TestAWrongARevokedAndAnExpiredAddressAreAlike(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, _ := member(w, 1)
	stopped, revoked := w.subscribe(p, calendar.FeedDraft{})
	kept, expiring := w.subscribe(p, calendar.FeedDraft{})
	w.Do(p.Caller, func(tx *store.Tx) error { return calendar.StopFeed(tx, stopped.ID) })
	_, _, err := w.openFeed(revoked)
	isError(t, "revoked a moment ago", err, calendar.ErrNoFeed)
	_, _, err = w.openFeed(expiring)
	noError(t, err)
	list := func() (ids []calendar.FeedID) {
		w.Read(p.Caller, func(tx *store.Tx) error {
			all, err := calendar.Feeds(tx)
			for _, f := range all {
				ids = append(ids, f.ID)
			}
			return err
		})
		return ids
	}
	equal(t, "that still work", list(), []calendar.FeedID{kept.ID})
	w.Clock.Set(kept.Expires.Add(-time.Second))
	_, _, err = w.openFeed(expiring)
	noError(t, err)
	w.Clock.Set(kept.Expires)
	equal(t, "expires", kept.Expires, time.Date(2027, time.September, 22, 8, 0, 0, 0, time.UTC))
	equal(t, "that still work", list(), nil)
	var texts []string
	for _, secret := range []string{
		revoked, expiring, account.NewToken(account.FeedPrefix), account.NewToken(account.TokenPrefix), "", "x",
		revoked + "a",
		strings.ToUpper(revoked), strings.Repeat("a", 100000),
	} {
		_, _, err := w.openFeed(secret)
		isError(t, "an address", err, calendar.ErrNoFeed)
		texts = append(texts, err.Error())
	}
	equal(t, "answers", slices.Compact(texts), texts[:1])
}

func TestNobodyStopsAnothersFeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, _ := member(w, 1)
	f, secret := w.subscribe(p, calendar.FeedDraft{})
	stop := func(c account.Caller, id calendar.FeedID) error {
		return w.Update(t.Context(), c, func(tx *store.Tx) error { return calendar.StopFeed(tx, id) })
	}
	isError(t, "another", stop(w.Apply(storetest.Filled("Other")).Caller, f.ID), calendar.ErrNoFeed)
	isError(t, "staff", stop(w.c, f.ID), account.ErrDenied)
	isError(t, "unknown", stop(p.Caller, "X"), calendar.ErrNoFeed)
	_, _, err := w.openFeed(secret)
	noError(t, err)
	noError(t, stop(p.Caller, f.ID))
	isError(t, "twice", stop(p.Caller, f.ID), calendar.ErrNoFeed)
	for what, fn := range map[string]func(tx *store.Tx) error{
		"make": func(tx *store.Tx) error { _, _, err := calendar.MakeFeed(tx, calendar.FeedDraft{}); return err },
		"list": func(tx *store.Tx) error { _, err := calendar.Feeds(tx); return err },
	} {
		isError(t, what, w.Update(t.Context(), w.c, fn), account.ErrDenied)
	}
}

func TestACancelledSessionStaysAndAMovedOneKeepsItsName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, planned := member(w, 3)
	_, secret := w.subscribe(p, calendar.FeedDraft{Summary: "Tea", Alarm: 10 * time.Minute})
	before := w.feed(secret)
	w.Clock.Advance(time.Hour)
	w.changed(planned.Sessions[0], calendar.Change{Cancel: true})
	w.changed(planned.Sessions[1], calendar.Change{Start: new(mustLocal(t, "2026-10-14T17:00"))})
	after := w.feed(secret)
	equal(t, "UIDs", each(after, "UID"), each(before, "UID"))
	equal(t, "titles", each(after, "SUMMARY"), []string{
		words.Say(words.Polish, "feed.cancelled", map[string]string{"summary": "Tea"}), "Tea", "Tea",
	})
	equal(t, "status", each(after, "STATUS"), []string{"CANCELLED", "CONFIRMED", "CONFIRMED"})
	equal(t, "sequence", each(after, "SEQUENCE"), []string{"1", "1", "0"})
	equal(t, "start", each(after, "DTSTART"), []string{"20261006T180000", "20261014T170000", "20261020T180000"})
	equal(t, "alarms", each(after, "TRIGGER"), []string{"", "-PT10M", "-PT10M"})
	equal(t, "changed", each(after, "LAST-MODIFIED"), []string{"20260922T090000Z", "20260922T090000Z", "20260922T080000Z"})
}

func TestTheNamesOfTwoFeedsHaveNothingInCommon(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, planned := member(w, 3)
	_, one := w.subscribe(p, calendar.FeedDraft{})
	_, two := w.subscribe(p, calendar.FeedDraft{})
	first, again, other := each(w.feed(one), "UID"), each(w.feed(one), "UID"), each(w.feed(two), "UID")
	equal(t, "the same feed", again, first)
	for n, uid := range first {
		if slices.Contains(other, uid) || strings.Contains(uid, string(planned.Sessions[n].ID)) {
			t.Errorf("%s stands in both feeds, or is the session's id", uid)
		}
	}
}

func TestAFeedHoldsTheSessionsOfTheMembershipAndFollowsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.planned(w.group, calendar.SeriesDraft{Plan: weekly(t, "2026-09-08T18:00", warsaw, 2)})
	p := w.Apply(storetest.Filled("Somebody"))
	_, secret := w.subscribe(p, calendar.FeedDraft{})
	body, modified, err := w.openFeed(secret)
	noError(t, err)
	if len(eventsOf(body)) > 0 || !strings.Contains(body, "BEGIN:VCALENDAR") {
		t.Errorf("the feed of an applicant:\n%s", body)
	}
	w.planned(w.group, calendar.SeriesDraft{Plan: weekly(t, "2026-10-06T18:00", warsaw, 3)})
	w.Clock.Advance(time.Minute)
	w.Join(w.c, p, w.group)
	_, joined, err := w.openFeed(secret)
	noError(t, err)
	equal(t, "sessions", each(w.feed(secret), "DTSTART"),
		[]string{"20261006T180000", "20261013T180000", "20261020T180000"})
	w.Clock.Set(time.Date(2026, time.October, 13, 9, 0, 0, 0, time.UTC))
	w.leave(p)
	_, left, err := w.openFeed(secret)
	noError(t, err)
	equal(t, "after leaving", each(w.feed(secret), "DTSTART"), []string{"20261006T180000", "20261013T180000"})
	if !joined.After(modified) || !left.After(joined) {
		t.Errorf("what a client compares did not move: %v, %v, %v", modified, joined, left)
	}
}

func TestAFeedIsTheSameBytesWhileNothingChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, planned := member(w, 3)
	_, secret := w.subscribe(p, calendar.FeedDraft{})
	before, modified, err := w.openFeed(secret)
	noError(t, err)
	w.Clock.Advance(30 * time.Hour)
	after, same, err := w.openFeed(secret)
	noError(t, err)
	equal(t, "bytes", after, before)
	equal(t, "modified", same, modified)
	w.changed(planned.Sessions[2], calendar.Change{Minutes: new(60)})
	changed, at, err := w.openFeed(secret)
	noError(t, err)
	if changed == before || !at.After(modified) {
		t.Errorf("a change is not seen: %v, then %v", modified, at)
	}
}

func TestAFeedReachesAYearBackAndNeverLosesWhatIsToCome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, planned := member(w, 90) // two years, less two weeks
	_, secret := w.subscribe(p, calendar.FeedDraft{})
	equal(t, "at first", len(w.feed(secret)), 90)
	w.Clock.Set(planned.Sessions[0].EndsAt.AddDate(1, 0, 0).Add(-24 * time.Hour))
	w.subscribe(p, calendar.FeedDraft{})
	_, second := w.subscribe(p, calendar.FeedDraft{})
	equal(t, "a day less than a year", len(w.feed(second)), 90)
	w.Clock.Advance(9 * 24 * time.Hour)
	got := w.feed(second)
	equal(t, "a year and a week", len(got), 88)
	equal(t, "the last", got[len(got)-1]["DTSTART"], planned.Sessions[89].Start.Date.String()[:4]+
		strings.ReplaceAll(planned.Sessions[89].Start.Date.String()[4:], "-", "")+"T180000")
}

func TestAFeedThatCanNotBeMeantIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Apply(storetest.Filled("Somebody"))
	for what, row := range map[string]struct {
		draft calendar.FeedDraft
		want  []string
	}{
		"another detail":   {calendar.FeedDraft{Detail: "nosy"}, []string{"detail:choice"}},
		"two lines":        {calendar.FeedDraft{Summary: "Tea\r\nATTACH:http://x"}, []string{"summary:one_line"}},
		"a long title":     {calendar.FeedDraft{Summary: strings.Repeat("x", 61)}, []string{"summary:too_long"}},
		"a control":        {calendar.FeedDraft{Summary: "a\x00"}, []string{"summary:control"}},
		"an alarm after":   {calendar.FeedDraft{Alarm: -time.Minute}, []string{"alarm_minutes:range"}},
		"an alarm too far": {calendar.FeedDraft{Alarm: 8 * 24 * time.Hour}, []string{"alarm_minutes:range"}},
		"all of it": {calendar.FeedDraft{Detail: "x", Summary: "a\nb", Alarm: -1},
			[]string{"detail:choice", "summary:one_line", "alarm_minutes:range"}},
	} {
		err := w.Update(t.Context(), p.Caller, func(tx *store.Tx) error {
			_, _, err := calendar.MakeFeed(tx, row.draft)
			return err
		})
		refused(t, what, err, row.want...)
	}
}

func TestTheAddressOfAFeedIsKeptNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Apply(storetest.Filled("Somebody"))
	f, secret := w.subscribe(p, calendar.FeedDraft{})
	if f.Token != account.HashOf(secret) || !account.IsToken(secret, account.FeedPrefix) {
		t.Errorf("%s does not fit its hash", secret)
	}
	w.Read(p.Caller, func(tx *store.Tx) error {
		all, err := calendar.Feeds(tx)
		equal(t, "the list", all, []calendar.Feed{f})
		return err
	})
}

func TestTheDayOfTheLastFetchIsKeptAndNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Apply(storetest.Filled("Somebody"))
	f, _ := w.subscribe(p, calendar.FeedDraft{})
	equal(t, "never", f.FetchedOn, "")
	w.Clock.Set(time.Date(2026, time.October, 1, 23, 59, 59, 0, time.UTC))
	w.Do(account.Machine(), func(tx *store.Tx) error { return calendar.Fetched(tx, f) })
	w.Read(p.Caller, func(tx *store.Tx) error {
		all, err := calendar.Feeds(tx)
		equal(t, "fetched", all[0].FetchedOn, "2026-10-01")
		return err
	})
	equal(t, "kind", fault.KindOf(calendar.ErrNoFeed), fault.NotFound)
}
