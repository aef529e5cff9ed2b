package notify

import (
	"strings"
	"time"

	"grupa/calendar"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/words"
)

// text is what a mail says. It never names a group, a kind of group, a room or a person, whoever reads over a shoulder.
type text struct {
	language words.Lang
	sender   string // the name shown beside the address; empty: the one of the settings
	subject  string
	body     string
}

// mostListed is how many times of a cancelled series a mail lists.
const mostListed = 10

// write puts a letter into the words of its person. root is the address where they can look things up; empty: none is
// known. Discretion leaves out what the mail is about, as far as the person can still make use of it.
func write(l *store.Letter, root string) text {
	lang, discreet := l.Person.Language, l.Person.Contact.Discreet
	paragraphs := append([]string{words.Say(lang, "mail.greeting", nil)}, body(l)...)
	t := text{language: lang, subject: words.Say(lang, "mail.subject_change", nil)}
	if l.Offer != nil || discreet {
		t.subject = words.Say(lang, "mail.subject_news", nil)
	}
	switch {
	case discreet:
		t.sender = words.Say(lang, "mail.sender", nil)
	case root != "":
		paragraphs = append(paragraphs, words.Say(lang, "mail.look", nil)+indented(root))
	}
	paragraphs = append(paragraphs, words.Say(lang, "mail.automatic", nil))
	t.body = strings.Join(paragraphs, "\n\n") + "\n"
	return t
}

func body(l *store.Letter) []string {
	lang := l.Person.Language
	if l.Offer != nil {
		return offer(l.Person, l.Offer.Expires)
	}
	sorry, feed := words.Say(lang, "mail.sorry", nil), words.Say(lang, "mail.feed", nil)
	known := listed(lang, l.Notice.Known)
	switch l.Notice.Kind {
	case calendar.NoticeMoved:
		return []string{
			words.Say(lang, "mail.moved", nil),
			words.Say(lang, "mail.moved_from", nil) + known,
			words.Say(lang, "mail.moved_to", nil) + indented(span(lang, l.Now)),
			sorry, feed,
		}
	case calendar.NoticeCancelled:
		return []string{words.Say(lang, "mail.cancelled", nil) + known, sorry, feed}
	default:
		return []string{words.Say(lang, "mail.all_cancelled", nil) + known, words.Say(lang, "mail.all_sorry", nil), feed}
	}
}

func offer(p account.Person, expires time.Time) []string {
	until := indented(moment(p, expires))
	if p.Contact.Discreet {
		return []string{
			words.Say(p.Language, "mail.question", nil) + until, words.Say(p.Language, "mail.question_answer", nil),
		}
	}
	return []string{words.Say(p.Language, "mail.offer", nil) + until, words.Say(p.Language, "mail.offer_answer", nil)}
}

// indented puts a line by itself below what was said before.
func indented(line string) string { return "\n\n    " + line }

func listed(lang words.Lang, slots []calendar.Slot) string {
	var lines []string
	for _, s := range slots[:min(len(slots), mostListed)] {
		lines = append(lines, span(lang, s))
	}
	if len(slots) > mostListed {
		lines = append(lines, words.Say(lang, "mail.and_later", nil))
	}
	return indented(strings.Join(lines, "\n    "))
}

// span writes a time on the clocks of the place where the session happens.
func span(lang words.Lang, s calendar.Slot) string {
	until := s.Start
	if _, end, err := s.Times(); err == nil {
		until.Hour, until.Minute = end.Hour(), end.Minute()
	} else { // a zone that lost this time since it was planned: what was planned
		minutes := s.Start.Hour*60 + s.Start.Minute + s.Minutes
		until.Hour, until.Minute = minutes/60%24, minutes%60
	}
	return words.Say(lang, "mail.time", map[string]string{
		"day":   words.Date(lang, s.Start.Year, s.Start.Month, s.Start.Day),
		"from":  words.Clock(lang, s.Start.Hour, s.Start.Minute),
		"until": words.Clock(lang, until.Hour, until.Minute),
		"zone":  s.Zone,
	})
}

// moment writes an instant on the person's own clock.
func moment(p account.Person, at time.Time) string {
	loc, err := account.Zone(p.TimeZone)
	if err != nil {
		loc = time.UTC
	}
	at = at.In(loc)
	return words.Say(p.Language, "mail.moment", map[string]string{
		"day":  words.Date(p.Language, at.Year(), at.Month(), at.Day()),
		"time": words.Clock(p.Language, at.Hour(), at.Minute()),
		"zone": loc.String(),
	})
}
