package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"grupa/intake"
	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/words"
)

//go:embed demodata/*.json
var demoFiles embed.FS

// demoPeople is what the demo's people of one language are called and say. All of it is invented.
type demoPeople struct {
	Names   []string `json:"names"`
	Reasons []string `json:"reasons"`
}

type demoGroup struct {
	Type          string     `json:"type"`
	Title         string     `json:"title"`
	Language      words.Lang `json:"language"`
	Capacity      int        `json:"capacity"`
	Weekday       int        `json:"weekday"` // Monday is 1
	Clock         string     `json:"clock"`
	Minutes       int        `json:"minutes"`
	Count         int        `json:"count"`
	Room          int        `json:"room"`
	Leader        int        `json:"leader"` // -1: none
	BeganWeeksAgo int        `json:"began_weeks_ago"`
}

type demoPlaces struct {
	Facilitators []struct {
		Email string `json:"email"`
		Name  string `json:"name"`
	} `json:"facilitators"`
	Rooms []struct {
		Name     string `json:"name"`
		Capacity int    `json:"capacity"`
	} `json:"rooms"`
	Groups []demoGroup `json:"groups"`
}

func readDemo(name string, into any) error {
	raw, err := demoFiles.ReadFile("demodata/" + name + ".json")
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// demoForms invents filled forms, the same ones for the same seed.
type demoForms struct {
	people map[words.Lang]demoPeople
	random *rand.Rand
	made   map[words.Lang]int
}

// filled is a form that fits the type where it says so, with some questions left open now and then.
func (d *demoForms) filled(form *intake.Form, lang words.Lang, t *intake.GroupType) intake.Submission {
	people := d.people[lang]
	n := d.made[lang]
	d.made[lang]++
	s := intake.Submission{Form: form.FormRef, Language: lang}
	for _, item := range form.Items {
		answer, ok := d.answer(item, t)
		switch item.LinkID {
		case "reason":
			answer, ok = intake.Answer{Text: new(people.Reasons[d.random.IntN(len(people.Reasons))])}, true
		case "contact":
			answer, ok = d.contact(people.Names[n%len(people.Names)], lang, n), true
		}
		if ok {
			s.Answers = append(s.Answers, intake.Given{LinkID: item.LinkID, Answer: answer})
		}
	}
	return s
}

func (d *demoForms) contact(name string, lang words.Lang, n int) intake.Answer {
	return intake.Answer{Contact: &account.Contact{
		Name: name, Email: fmt.Sprintf("%s.%d@people.example", lang, n+1), Reach: account.ReachEmail, Discreet: n%3 == 0,
	}}
}

// usual is what most people answer; the rest is left to chance.
var usual = map[string][]string{
	"applying-for": {"myself"}, "life-crisis": {"no", "no", "settling"}, "reality": {"no"},
	"self-harm": {"no", "no", "no", "no", "no", "no", "no", "no", "no", "no", "no", "no", "earlier", "earlier", "lately"}, "safe-at-home": {"yes"},
	"sober": {"yes"}, "daily-life": {"well", "mostly", "mostly", "hard"}, "attendance": {"five-of-five", "four-of-five"},
	"practice": {"yes", "yes", "maybe"}, "feedback": {"yes", "yes", "careful"}, "own-wish": {"mine", "mine", "suggested"},
	"age-band": {"adult", "adult", "adult", "young-adult", "older-adult", "adolescent"},
}

func (d *demoForms) answer(item intake.Item, t *intake.GroupType) (intake.Answer, bool) {
	if !item.Required && d.random.IntN(20) == 0 {
		return intake.Answer{}, false
	}
	switch item.Kind {
	case intake.Boolean:
		return intake.Answer{Boolean: new(false)}, true
	case intake.Choice:
		if codes, ok := usual[item.LinkID]; ok {
			return intake.Answer{Choices: []string{codes[d.random.IntN(len(codes))]}}, true
		}
		return intake.Answer{Choices: []string{item.Options[d.random.IntN(len(item.Options))].Code}}, true
	case intake.Choices:
		return intake.Answer{Choices: d.several(item, t)}, true
	case intake.Availability:
		return intake.Answer{Availability: d.evenings()}, true
	}
	return intake.Answer{}, false
}

// several picks what the type works on where the question is about that, and anything else otherwise.
func (d *demoForms) several(item intake.Item, t *intake.GroupType) []string {
	fits := map[string][]string{"hopes": t.Objectives, "areas": t.Areas}[item.LinkID]
	var codes []string
	for _, o := range item.Options {
		for _, slug := range fits {
			if slug == o.Code && len(codes) < 3 {
				codes = append(codes, o.Code)
			}
		}
	}
	if len(codes) == 0 {
		codes = append(codes, item.Options[d.random.IntN(len(item.Options))].Code)
	}
	return codes
}

func (d *demoForms) evenings() []screen.Slot {
	slots := []screen.Slot{}
	for weekday := 1; weekday <= 5; weekday++ {
		if d.random.IntN(3) > 0 {
			slots = append(slots, screen.Slot{Weekday: weekday, From: 17 * 60, To: 21 * 60, Kind: "available"})
		}
	}
	return slots
}

// demoClock is a clock that begins in the past and is moved on while the demo is filled.
type demoClock struct{ at time.Time }

func (c *demoClock) now() time.Time { return c.at }
