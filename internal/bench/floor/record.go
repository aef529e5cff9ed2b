package main

import (
	"encoding/json"
	"time"

	"grupa/intake/screen"
)

// record is a filled form, flat: 26 scalars and two fields of JSON.
type record struct {
	Language       string  `json:"language" validate:"required,oneof=en pl lv fa"`
	ApplyingFor    string  `json:"applying_for" validate:"omitempty,oneof=myself my-family our-team my-neighbourhood"`
	Since          string  `json:"since" validate:"omitempty,oneof=days weeks months years always"`
	DailyLife      string  `json:"daily_life" validate:"omitempty,oneof=well mostly hard very-hard"`
	LifeCrisis     string  `json:"life_crisis" validate:"omitempty,oneof=no settling now"`
	Reason         string  `json:"reason" validate:"required,max=4000"`
	Reality        string  `json:"reality" validate:"omitempty,oneof=no sometimes often"`
	SelfHarm       string  `json:"self_harm" validate:"omitempty,oneof=no earlier lately"`
	SafeAtHome     string  `json:"safe_at_home" validate:"omitempty,oneof=yes not-always no"`
	Sober          string  `json:"sober" validate:"omitempty,oneof=yes not-sure no"`
	CallMeSoon     bool    `json:"call_me_soon"`
	ReadyBenefit   string  `json:"ready_benefit" validate:"omitempty,oneof=not-at-all a-little somewhat mostly fully"`
	ReadySpeak     string  `json:"ready_speak" validate:"omitempty,oneof=not-at-all a-little somewhat mostly fully"`
	ReadyListen    string  `json:"ready_listen" validate:"omitempty,oneof=not-at-all a-little somewhat mostly fully"`
	ReadyComfort   string  `json:"ready_comfort" validate:"omitempty,oneof=not-at-all a-little somewhat mostly fully"`
	ReadyAttend    string  `json:"ready_attend" validate:"omitempty,oneof=not-at-all a-little somewhat mostly fully"`
	ReadyAgreement string  `json:"ready_agreement" validate:"omitempty,oneof=not-at-all a-little somewhat mostly fully"`
	Attendance     string  `json:"attendance" validate:"omitempty,oneof=five-of-five four-of-five fewer"`
	Practice       string  `json:"practice" validate:"omitempty,oneof=yes maybe no"`
	Feedback       string  `json:"feedback" validate:"omitempty,oneof=yes careful no"`
	Experience     string  `json:"experience" validate:"omitempty,oneof=none individual group both"`
	OwnWish        string  `json:"own_wish" validate:"omitempty,oneof=mine suggested required"`
	AgeBand        string  `json:"age_band" validate:"required,max=20"`
	HopesOwnWords  string  `json:"hopes_own_words" validate:"max=4000"`
	Name           string  `json:"name" validate:"required,max=200"`
	Email          string  `json:"email" validate:"required,email,max=254"`
	Availability   []slot  `json:"availability" validate:"max=672,dive"`
	Answers        answers `json:"answers"`
}

type slot struct {
	Weekday int    `json:"weekday" validate:"min=1,max=7"`
	From    string `json:"from" validate:"datetime=15:04"`
	To      string `json:"to" validate:"datetime=15:04"`
	Kind    string `json:"kind" validate:"oneof=available preferred unavailable"`
}

// answers are those that may have several choices, and how to be reached.
type answers struct {
	Areas          []string `json:"areas" validate:"max=16"`
	Hopes          []string `json:"hopes" validate:"max=23"`
	GroupLanguages []string `json:"group_languages" validate:"max=6"`
	Delivery       []string `json:"delivery" validate:"max=3"`
	Reach          string   `json:"reach" validate:"oneof=email phone"`
	Discreet       bool     `json:"discreet"`
}

// facts lets the criteria read the answers, by the link ids of the intake form.
func (r *record) facts() screen.Facts {
	return func(field string) screen.Value {
		switch field {
		case "call-me-soon":
			return screen.Value{Known: true, Bool: r.CallMeSoon}
		case "availability":
			return screen.Value{Known: r.Availability != nil, Slots: r.slots(), Why: screen.Unanswered}
		case "reason", "hopes-own-words", "contact":
			return screen.Value{Known: true}
		}
		codes := r.codes(field)
		if len(codes) == 0 || codes[0] == "" {
			return screen.Value{Why: screen.Unanswered}
		}
		return screen.Value{Known: true, Codes: codes}
	}
}

func (r *record) codes(field string) []string {
	switch field {
	case "areas":
		return r.Answers.Areas
	case "hopes":
		return r.Answers.Hopes
	case "group-languages":
		return r.Answers.GroupLanguages
	case "delivery":
		return r.Answers.Delivery
	case "applying-for":
		return []string{r.ApplyingFor}
	case "since":
		return []string{r.Since}
	case "daily-life":
		return []string{r.DailyLife}
	case "life-crisis":
		return []string{r.LifeCrisis}
	case "reality":
		return []string{r.Reality}
	case "self-harm":
		return []string{r.SelfHarm}
	case "safe-at-home":
		return []string{r.SafeAtHome}
	case "sober":
		return []string{r.Sober}
	}
	return r.readiness(field)
}

func (r *record) readiness(field string) []string {
	switch field {
	case "ready-benefit":
		return []string{r.ReadyBenefit}
	case "ready-speak":
		return []string{r.ReadySpeak}
	case "ready-listen":
		return []string{r.ReadyListen}
	case "ready-comfort":
		return []string{r.ReadyComfort}
	case "ready-attend":
		return []string{r.ReadyAttend}
	case "ready-agreement":
		return []string{r.ReadyAgreement}
	case "attendance":
		return []string{r.Attendance}
	case "practice":
		return []string{r.Practice}
	case "feedback":
		return []string{r.Feedback}
	case "experience":
		return []string{r.Experience}
	case "own-wish":
		return []string{r.OwnWish}
	case "age-band":
		return []string{r.AgeBand}
	}
	return nil
}

func (r *record) slots() (slots []screen.Slot) {
	for _, s := range r.Availability {
		slots = append(slots, screen.Slot{Weekday: s.Weekday, From: minutes(s.From), To: minutes(s.To), Kind: s.Kind})
	}
	return slots
}

// minutes reads a clock that was checked.
func minutes(clock string) int {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return 0
	}
	return t.Hour()*60 + t.Minute()
}

// values are those of a row, in the order of columns, but for id, status and times.
func (r *record) values() ([]any, error) {
	free, err := json.Marshal(r.Availability)
	if err != nil {
		return nil, err
	}
	more, err := json.Marshal(r.Answers)
	if err != nil {
		return nil, err
	}
	return []any{
		r.Language, r.ApplyingFor, r.Since, r.DailyLife, r.LifeCrisis, r.Reason, r.Reality, r.SelfHarm, r.SafeAtHome,
		r.Sober, r.CallMeSoon, r.ReadyBenefit, r.ReadySpeak, r.ReadyListen, r.ReadyComfort, r.ReadyAttend,
		r.ReadyAgreement, r.Attendance, r.Practice, r.Feedback, r.Experience, r.OwnWish, r.AgeBand, r.HopesOwnWords,
		r.Name, r.Email, string(free), string(more),
	}, nil
}
