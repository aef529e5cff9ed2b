package screen

import "encoding/json"

// The data format of criteria. What nests or has several shapes stays raw here and is read by parser.

type criterionData struct {
	ID            string          `json:"id"`
	Kind          CriterionKind   `json:"kind"`
	Clinical      bool            `json:"clinical"`
	Basis         Basis           `json:"basis"`
	Unknown       Policy          `json:"unknown"`
	Interview     bool            `json:"interview"`
	StaffOnly     bool            `json:"staff_only"`
	Weight        int             `json:"weight"`
	When          json.RawMessage `json:"when"`
	Because       json.RawMessage `json:"because"`
	ApplicantNote json.RawMessage `json:"applicant_note"`
}

type becauseData struct {
	Met     json.RawMessage `json:"met"`
	NotMet  json.RawMessage `json:"not_met"`
	Unknown json.RawMessage `json:"unknown"`
}

type exprData struct {
	All     json.RawMessage `json:"all"`
	Any     json.RawMessage `json:"any"`
	Not     json.RawMessage `json:"not"`
	AtLeast json.RawMessage `json:"at_least"`
	Field   *string         `json:"field"`
	Score   *string         `json:"score"`
	Op      Op              `json:"op"`
	Value   json.RawMessage `json:"value"`
	Minutes *int            `json:"minutes"`
}

type atLeastData struct {
	Count int             `json:"count"`
	Of    json.RawMessage `json:"of"`
}

type slotData struct {
	Weekday int    `json:"weekday"`
	From    string `json:"from"`
	To      string `json:"to"`
}

type scoreData struct {
	Items json.RawMessage `json:"items"`
}
