package notify_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"grupa/calendar"
	"grupa/group"
	"grupa/intake"
	"grupa/internal/account"
	"grupa/internal/notify/smtptest"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
	"grupa/internal/words"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Words that no mail may hold: of the group, its room and its type, of other people, and of the answers.
const (
	groupTitle = "Canarytitle"
	roomName   = "Canaryroom"
	otherName  = "Canaryneighbour"
	answer     = "I would like to talk with others."
)

// applied fills the form in a language.
func (w world) applied(lang words.Lang, discreet bool) storetest.Person {
	w.t.Helper()
	f := storetest.Filled("Canaryself")
	f.Language, f.TimeZone = lang, "Europe/Riga"
	contact(f).Discreet = discreet
	p := w.Apply(f)
	w.Admit(w.c, p, "support")
	return p
}

func contact(f intake.Submission) *account.Contact {
	for _, g := range f.Answers {
		if g.Answer.Contact != nil {
			return g.Answer.Contact
		}
	}
	return nil
}

// life is all that a member is told of: an offer, a move, a cancelled session, a cancelled group. It gives the mails in
// that order.
func (w world) life(p storetest.Person) []letter {
	w.t.Helper()
	var g group.Group
	var room calendar.Room
	w.Do(w.c, func(tx *store.Tx) (err error) {
		if g, err = group.Create(tx, group.Draft{Type: "support", Title: groupTitle, Language: words.English}); err != nil {
			return err
		}
		room, err = calendar.CreateRoom(tx, roomName, 12)
		return err
	})
	w.Join(w.c, w.Apply(storetest.Filled(otherName)), g)
	w.pass() // of the other's offer, which is accepted: nothing to tell
	offer := w.Offer(w.c, p, g)
	w.pass()
	agreed := w.Agreed(g)
	w.Do(p.Caller, func(tx *store.Tx) error { _, err := group.Accept(tx, offer.ID, agreed); return err })
	sessions := w.plan(g, "2026-10-06T18:00", 14, room.ID)
	w.change(sessions[0], calendar.Change{Start: new(local(w.t, "2026-10-07T19:15"))})
	w.pass()
	w.change(sessions[1], calendar.Change{Cancel: true})
	w.pass()
	w.Do(w.c, func(tx *store.Tx) error {
		_, err := group.Update(tx, g.ID, 1, group.Change{State: new(group.Cancelled)})
		return err
	})
	w.pass()
	others := func(l letter) bool { return !slices.Equal(l.Envelope.To, []string{w.address(p)}) }
	return slices.DeleteFunc(w.letters(), others)
}

func (w world) address(p storetest.Person) (address string) {
	w.t.Helper()
	w.Read(account.Machine(), func(tx *store.Tx) error {
		c, err := tx.Contact(p.Person)
		address = c.Email
		return err
	})
	return address
}

func TestTheWordsOfEveryMail(t *testing.T) {
	t.Parallel()
	for _, lang := range words.Languages() {
		for _, discreet := range []bool{false, true} {
			name := string(lang)
			if discreet {
				name += "-discreet"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, smtptest.Options{})
				var text strings.Builder
				for _, l := range w.life(w.applied(lang, discreet)) {
					sender, err := l.AddressList("From")
					noError(t, err)
					fmt.Fprintf(&text, "From: %s\nSubject: %s\n\n%s\n----\n", sender[0].Name, l.Subject, l.Body)
				}
				golden(t, name+".txt", text.String())
			})
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		noError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	noError(t, err)
	equal(t, name, got, string(want))
}

func TestAMailHasTheseHeadersAndOneRecipient(t *testing.T) {
	t.Parallel()
	w := newWorld(t, smtptest.Options{})
	p := w.applied(words.Persian, false)
	all := w.life(p)
	equal(t, "mails", len(all), 4)
	ids := map[string]bool{}
	for _, l := range all {
		ids[l.Get("Message-ID")] = true
		equal(t, "names", slices.Sorted(maps.Keys(l.Header)), []string{
			"Auto-Submitted", "Content-Language", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-Id",
			"Mime-Version", "Subject", "To",
		})
		equal(t, "envelope", []any{l.Envelope.From, l.Envelope.To}, []any{"office@haven.example", []string{w.address(p)}})
		for name, want := range map[string]string{
			"To": "<" + w.address(p) + ">", "Auto-Submitted": "auto-generated", "Content-Language": "fa",
			"Content-Type": "text/plain; charset=UTF-8", "Date": storetest.Epoch.Format(time.RFC1123Z),
		} {
			equal(t, name, l.Get(name), want)
		}
		if id := l.Get("Message-ID"); !strings.HasSuffix(id, "@haven.example>") {
			t.Error(id)
		}
		for line := range strings.SplitSeq(l.Envelope.Data, "\r\n") {
			if len(line) > 78 {
				t.Errorf("a line of %d octets: %s", len(line), line)
			}
		}
	}
	equal(t, "different ids", len(ids), 4)
}

func TestNoMailTellsWhatItIsAbout(t *testing.T) {
	t.Parallel()
	for _, discreet := range []bool{false, true} {
		w := newWorld(t, smtptest.Options{})
		all := w.life(w.applied(words.English, discreet))
		equal(t, "mails", len(all), 4)
		for _, l := range all {
			whole := strings.ToLower(l.Envelope.Data + l.Subject + l.Body)
			for _, word := range []string{
				groupTitle, roomName, otherName, answer, "Canaryself", "support", "group", "therapy", "session", "crisis",
				"receipt", w.smtp.Address(),
			} {
				if strings.Contains(whole, strings.ToLower(word)) {
					t.Errorf("%q is in\n%s", word, l.Envelope.Data)
				}
			}
			if discreet && (strings.Contains(whole, "grief") || strings.Contains(whole, "http")) {
				t.Errorf("a discreet mail names the house:\n%s", l.Envelope.Data)
			}
			if !discreet && strings.Count(l.Body, "http") != 1 {
				t.Errorf("links other than the one to the root:\n%s", l.Body)
			}
		}
	}
}

func TestWithoutAKnownAddressOfTheServerAMailNamesNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, smtptest.Options{})
	w.worker.Root = ""
	for _, l := range w.life(w.applied(words.English, false)) {
		if strings.Contains(l.Body, "http") || strings.Contains(l.Body, "You can see") {
			t.Error(l.Body)
		}
	}
}
