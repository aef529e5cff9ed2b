package intake

import (
	"grupa/intake/screen"
	"grupa/internal/words"
)

// IndividualTalk is the alternative that is always there: a talk with a person instead of a group.
const IndividualTalk = "individual-talk"

// Span is an inclusive range of whole numbers.
type Span struct{ Min, Max int }

// GroupType is an entry of the catalogue: whom a kind of group suits and whom not, what it aims at, and how such a group
// is usually run. A version that was published never changes.
type GroupType struct {
	Slug          string
	Version       int
	Form          string // slug of the form whose link ids the criteria name
	Name, Summary words.Text

	Aims, Areas, Objectives, Models, Modalities, Techniques []string // slugs of the vocabularies
	Formation, Leadership, LeaderRoles                      []string
	Membership, Delivery                                    []string
	Composition                                             string

	Size, Leaders, Minutes Span
	Count                  *Span    // of sessions; nil where the group goes on
	Consent                []string // the elements that a member agrees to
	Criteria               []screen.Criterion
	Scores                 map[string]screen.Score
	Alternatives           []string // where to turn instead; the last is IndividualTalk
	Sources                map[string]string

	program *screen.Program
	looksAt [][]string      // of each criterion: the items that it looks at, those of its scores included, each once
	toStaff map[string]bool // items that a staff-only criterion looks at
}

// Program is the compiled form of the criteria.
func (t *GroupType) Program() *screen.Program { return t.program }
