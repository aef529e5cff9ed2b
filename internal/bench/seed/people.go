package seed

import (
	"fmt"
	"math/rand/v2"

	"grupa/intake"
	"grupa/intake/screen"
	"grupa/internal/account"
	"grupa/internal/words"
)

// Of so many applications, so many are moved on after they came.
const moved, of = 9, 10

// Form is what the n-th applicant fills in. It is always the same.
func Form(n int) intake.Submission {
	r := rand.New(rand.NewPCG(uint64(n), 7)) //nolint:gosec // not for secrets: repeatable on purpose
	lang := language(r)
	one := func(link string, codes ...string) intake.Given {
		return intake.Given{LinkID: link, Answer: intake.Answer{Choices: codes}}
	}
	choice := func(link string, codes ...string) intake.Given { return one(link, codes[r.IntN(len(codes))]) }
	fully := []string{"not-at-all", "a-little", "somewhat", "mostly", "mostly", "fully", "fully"}
	return intake.Submission{
		Form: intake.FormRef{Slug: "intake", Version: 1}, Language: lang, TimeZone: "Europe/Warsaw",
		Answers: []intake.Given{
			{LinkID: "reason", Answer: intake.Answer{Text: new(reasons()[lang])}},
			choice("applying-for", "myself", "myself", "myself", "my-family", "our-team", "my-neighbourhood"),
			choice("since", "days", "weeks", "months", "years", "always"),
			choice("areas", "isolation-loneliness", "social", "personal", "educational"), // one of each still differs
			choice("hopes", "belonging-validation", "self-disclosure", "resolve-internal-conflict"),
			choice("daily-life", "well", "mostly", "mostly", "hard", "very-hard"),
			choice("life-crisis", "no", "no", "settling", "now"),
			choice("reality", "no", "no", "no", "no", "sometimes"), one("self-harm", harm(r)),
			choice("safe-at-home", "yes", "yes", "yes", "not-always"), choice("sober", "yes", "yes", "yes", "not-sure"),
			{LinkID: "call-me-soon", Answer: intake.Answer{Boolean: new(r.IntN(50) == 0)}},
			choice("ready-benefit", fully...), choice("ready-speak", fully...), choice("ready-listen", fully...),
			choice("ready-comfort", fully...), choice("ready-attend", fully...), choice("ready-agreement", fully...),
			choice("attendance", "five-of-five", "four-of-five", "fewer"), choice("practice", "yes", "maybe", "no"),
			choice("feedback", "yes", "careful", "no"), choice("experience", "none", "individual", "group", "both"),
			choice("own-wish", "mine", "mine", "suggested"),
			{LinkID: "availability", Answer: intake.Answer{Availability: free(r)}},
			one("group-languages", string(lang)), choice("delivery", "in-person", "online", "hybrid"),
			choice("age-band", "young-adult", "adult", "adult", "older-adult"),
			{LinkID: "contact", Answer: intake.Answer{Contact: contact(n, r)}},
		},
	}
}

func language(r *rand.Rand) words.Lang {
	switch n := r.IntN(100); {
	case n < 50:
		return words.English
	case n < 80:
		return words.Polish
	case n < 95:
		return words.Latvian
	}
	return words.Persian
}

// harm is "lately" for one in two hundred.
func harm(r *rand.Rand) string {
	switch n := r.IntN(200); {
	case n == 0:
		return "lately"
	case n < 20:
		return "earlier"
	}
	return "no"
}

func reasons() words.Text {
	return words.Text{
		words.English: "I would like to talk with others.",
		words.Polish:  "Chcę porozmawiać z innymi.",
		words.Latvian: "Es vēlos parunāt ar citiem.",
		words.Persian: "دوست دارم با دیگران گفت‌وگو کنم.",
	}
}

// free is two evenings of a week.
func free(r *rand.Rand) (slots []screen.Slot) {
	first := 1 + r.IntN(3)
	for _, weekday := range []int{first, first + 2 + r.IntN(2)} {
		until := (19 + r.IntN(3)) * 60
		slots = append(slots, screen.Slot{Weekday: weekday, From: 17 * 60, To: until, Kind: screen.Available})
	}
	return slots
}

// contact has a mail address of its own, a first name that thousands share and a surname that some do.
func contact(n int, r *rand.Rand) *account.Contact {
	first, last := firstNames()[r.IntN(len(firstNames()))], Surname(r.IntN(surnames))
	return &account.Contact{
		Name: first + " " + last, Email: Email(n), Reach: account.ReachEmail, Discreet: true,
	}
}

// Email is the n-th applicant's address. It is one word, so a search for it finds one application.
func Email(n int) string { return fmt.Sprintf("applicant%06d@example.org", n) }

func firstNames() []string {
	return []string{
		"Anna", "Jan", "Maria", "Piotr", "Zofia", "Tomasz", "Līga", "Jānis", "Ilze", "Andris", "Maryam", "Reza", "Zahra",
		"Ali", "Emma", "Liam", "Olivia", "Noah", "Ruth", "Samuel",
	}
}

// surnames is how many there are: of 100,000 applicants about fifty share one.
const surnames = 2000

// Surname is the n-th of the made-up names that applicants have.
func Surname(n int) string {
	const front, back = "bdgklmnprstvwz", "aeiouy"
	name := []byte{}
	for range 4 {
		name = append(name, front[n%len(front)], back[n/len(front)%len(back)])
		n = n/len(front) + 7*n
	}
	name[0] -= 'a' - 'A'
	return string(name)
}

// stateOf is the state of the n-th that is moved: a few busy ones, most of them done.
func stateOf(n int) intake.State {
	switch n %= 100; {
	case n < 44:
		return intake.Enrolled
	case n < 58:
		return intake.Withdrawn
	case n < 68:
		return intake.ReferredOn
	case n < 79:
		return intake.Eligible
	case n < 88:
		return intake.Waitlisted
	case n < 94:
		return intake.InReview
	case n < 98:
		return intake.Interview
	}
	return intake.Duplicate
}

// orderOf is the order in which applications are moved: none that has to do with when they came.
func orderOf(n int) []int { return rand.New(rand.NewPCG(uint64(n), 11)).Perm(n) } //nolint:gosec // repeatable
