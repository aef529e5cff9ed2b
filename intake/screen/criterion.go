package screen

import "grupa/internal/words"

// CriterionKind says what a criterion does to the verdict.
type CriterionKind string

// The kinds. Only Require and Exclude can give NotNow.
const (
	Require CriterionKind = "require" // must hold
	Exclude CriterionKind = "exclude" // must not hold
	Caution CriterionKind = "caution" // where it holds, people talk about it first
	Prefer  CriterionKind = "prefer"  // where it holds, a good sign
	Prepare CriterionKind = "prepare" // where it holds, a hint for the preparation
)

func (k CriterionKind) hard() bool { return k == Require || k == Exclude }

// Basis is the ground on which a Require or Exclude may turn someone away. Nothing clinical is among them.
type Basis string

// The grounds.
const (
	Age       Basis = "age"
	Law       Basis = "law"
	Programme Basis = "programme"
	Capacity  Basis = "capacity"
	Consent   Basis = "consent"
)

// Policy says what to do while a criterion is unknown.
type Policy string

// The policies. Ignore is refused in Require and Exclude; of a Caution it says that nobody needs to ask.
const (
	Ask    Policy = "ask"    // the applicant
	Review Policy = "review" // by staff
	Ignore Policy = "ignore"
)

// Criterion is one rule of a group type, as data. It is never changed once it is in a Program.
type Criterion struct {
	ID            string
	Kind          CriterionKind
	Clinical      bool  // about health or safety: leads to Discuss at most
	Basis         Basis // of Require and Exclude, and only of those
	Unknown       Policy
	Interview     bool // of Caution: the talk is an interview
	StaffOnly     bool // the applicant reads ApplicantNote instead of Because
	Weight        int  // of Prefer, 1 to 100; it orders the good signs and is never shown as a score
	When          Expr
	Because       Because
	ApplicantNote words.Text
}

// Because is said to the applicant and to staff alike, with {answer} in place of the quoted answers.
type Because struct{ Met, NotMet, Unknown words.Text }
