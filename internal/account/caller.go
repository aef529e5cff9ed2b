package account

import (
	"slices"

	"grupa/internal/words"
)

// Role is what a member of staff does in one programme.
type Role string

// The roles. An administrator of a programme is not by that a coordinator of it: reading answers takes the role.
const (
	Administrator Role = "administrator"
	Coordinator   Role = "coordinator"
	Facilitator   Role = "facilitator"
)

// Roles lists all roles.
func Roles() []Role { return []Role{Administrator, Coordinator, Facilitator} }

// Kind says what sort of caller it is.
type Kind string

// The kinds of caller. The zero Kind is nobody, who may do nothing, not even what the public may.
const (
	Nobody    Kind = ""
	Public    Kind = "public"    // anyone, without a secret
	Applicant Kind = "applicant" // holder of a receipt code: an applicant, later a member
	Staff     Kind = "staff"     // holder of an API token
	System    Kind = "system"    // the server itself: start-up, jobs and the command line of its host
)

// Grant is a role in a programme.
type Grant struct {
	Programme ProgrammeID
	Role      Role
}

// Caller is who asks. It rides on every unit of work; rules decide by it, and the audit row names it.
type Caller struct {
	Kind     Kind
	Person   PersonID   // empty for the public and the system
	Language words.Lang // of an applicant: the one that they filled the form in
	Grants   []Grant    // of staff
}

// Anyone is the caller behind a request without a secret.
func Anyone() Caller { return Caller{Kind: Public} }

// Machine is the server itself.
func Machine() Caller { return Caller{Kind: System} }

// Is says whether the caller has that role anywhere.
func (c Caller) Is(role Role) bool {
	return c.Kind == Staff && slices.ContainsFunc(c.Grants, func(g Grant) bool { return g.Role == role })
}

// May says whether the caller has one of the roles in that programme.
func (c Caller) May(programme ProgrammeID, roles ...Role) bool {
	return c.Kind == Staff && slices.ContainsFunc(c.Grants, func(g Grant) bool {
		return g.Programme == programme && slices.Contains(roles, g.Role)
	})
}

// MayRead says whether the caller may see a group of that programme that these people lead: its coordinators may, and
// its own facilitators.
func (c Caller) MayRead(programme ProgrammeID, leaders []PersonID) bool {
	return c.May(programme, Coordinator) || c.May(programme, Facilitator) && slices.Contains(leaders, c.Person)
}

// In lists the programmes in which the caller has one of the roles: the scope of what they can see.
func (c Caller) In(roles ...Role) []ProgrammeID {
	var in []ProgrammeID
	for _, g := range c.Grants {
		if c.Kind == Staff && slices.Contains(roles, g.Role) && !slices.Contains(in, g.Programme) {
			in = append(in, g.Programme)
		}
	}
	return in
}
