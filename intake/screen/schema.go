package screen

// Kind is the shape of a question's answer; it decides which operators fit.
type Kind string

// The kinds of fields. An operand has one of them too, or none where the operator takes no value.
const (
	Bool   Kind = "bool"
	Number Kind = "number"
	Code   Kind = "code"   // one of the options
	Codes  Kind = "codes"  // several of the options
	Slots  Kind = "slots"  // weekly availability
	Opaque Kind = "opaque" // text or contact: criteria may only ask whether it was answered
)

// Schema is what criteria may name: the questions of one form, by link id.
type Schema map[string]Field

// Field describes one question. It is never changed once it is in a Schema.
type Field struct {
	Kind     Kind
	Codes    []string            // the options of Code and Codes, in the form's order
	Ranges   map[string]Interval // options of a Code that stand for a range of numbers
	Scores   map[string]float64  // what an option adds to a score
	Min, Max float64             // bounds of a Number; both 0 where it has none
}

func (f Field) bounded() bool { return f.Min != 0 || f.Max != 0 }

// Interval is every number from Lo to Hi, both included.
type Interval struct{ Lo, Hi float64 }

// The kinds of a Slot. Time that is marked unavailable is never free, whatever other slots say.
const (
	Available   = "available"
	Preferred   = "preferred"
	IfNeeded    = "if_needed"
	Unavailable = "unavailable"
)

// Slot is a stretch of one weekday in the person's own zone.
type Slot struct {
	Weekday  int    // 1 to 7, Monday first
	From, To int    // minutes after midnight by the clock on the wall, To not included; 1440 is the day's end
	Kind     string // empty in a criterion
}

// Why says for what reason an answer is unknown. No reason makes it a "no".
type Why string

// The reasons.
const (
	Unanswered Why = "unanswered"
	Declined   Why = "declined"
	NotShown   Why = "not_shown" // hidden by an earlier answer, or absent from the form's version
)

// Value is a person's answer to one question. Only the part that the field's kind names is read.
//
// An empty list of Codes or Slots with Known set is an answer: none of these, never free.
// A Code that is not among the field's options is treated as unknown, because nobody can say what it meant.
type Value struct {
	Known  bool
	Why    Why // only where not Known
	Bool   bool
	Number float64
	Codes  []string // exactly one for a Code
	Slots  []Slot
}

// Facts gives the answer to a question, by link id. A question it doesn't know gives an unknown Value.
type Facts func(field string) Value
