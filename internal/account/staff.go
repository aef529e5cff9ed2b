package account

import (
	"net/mail"
	"slices"
	"strings"
	"time"

	"grupa/internal/fault"
	"grupa/internal/words"
)

// Errors of this package's rules.
var (
	ErrNobody      = fault.New(fault.Unauthenticated, "unauthenticated")
	ErrDenied      = fault.New(fault.Denied, "denied")
	ErrNoPerson    = fault.New(fault.NotFound, "not_found")
	ErrNoProgramme = fault.New(fault.NotFound, "not_found")
)

// Token is what is kept of an API token.
type Token struct {
	Hash   Hash
	Person PersonID
	Name   string // what its owner calls it
}

// Tx is what the rules of this package need of a unit of work.
type Tx interface {
	Now() time.Time
	Caller() Caller
	Audit(action, record string)

	Programme() (Programme, error) // the first one, until there are rules for more
	Site() (Site, error)           // the first one of that programme
	CreateStaff(p Person) error
	StaffByEmail(email string) (Person, error) // ErrNoPerson
	GrantRole(person PersonID, g Grant) error  // granting twice changes nothing
	CreateToken(t Token) error
	DisableStaff(PersonID) error     // roles and tokens are gone
	Facilitators() ([]Person, error) // of the caller's programmes
}

// AddStaff adds a role to the member of staff with that mail address, who is made if there is none yet. Only the
// machine itself may: the person who holds the host.
func AddStaff(tx Tx, email, name string, role Role) (PersonID, error) {
	if tx.Caller().Kind != System {
		return "", ErrDenied
	}
	if err := checkStaff(email, name, role); err != nil {
		return "", err
	}
	programme, err := tx.Programme()
	if err != nil {
		return "", err
	}
	p, err := tx.StaffByEmail(email)
	if fault.KindOf(err) == fault.NotFound {
		p, err = newStaff(tx, programme, email, name)
	}
	if err != nil {
		return "", err
	}
	if err := tx.GrantRole(p.ID, Grant{programme.ID, role}); err != nil {
		return "", err
	}
	tx.Audit("role.grant", string(p.ID))
	return p.ID, nil
}

func checkStaff(email, name string, role Role) error {
	var l fault.List
	_ = l.Take(CheckLine("name", name, 200)) // nil, or always a field error
	if a, err := mail.ParseAddress(email); err != nil || a.Address != email || len(email) > 254 {
		l.Add("email", "email")
	}
	if !slices.Contains(Roles(), role) {
		l.Add("role", "choice")
	}
	return l.Err()
}

func newStaff(tx Tx, programme Programme, email, name string) (Person, error) {
	site, err := tx.Site()
	if err != nil {
		return Person{}, err
	}
	if strings.TrimSpace(name) == "" {
		name, _, _ = strings.Cut(email, "@")
	}
	p := Person{
		ID: PersonID(NewID()), Programme: programme.ID, Language: programme.Language, TimeZone: site.TimeZone,
		Contact: Contact{Name: name, Email: email, Reach: ReachEmail}, Created: tx.Now(),
	}
	if p.Language == "" {
		p.Language = words.English
	}
	tx.Audit("person.create", string(p.ID))
	return p, tx.CreateStaff(p)
}

// AddToken makes an API token for the member of staff with that address and gives the secret, which is not kept.
func AddToken(tx Tx, email, name string) (secret string, err error) {
	if tx.Caller().Kind != System {
		return "", ErrDenied
	}
	if err := CheckLine("name", name, 100); err != nil {
		return "", err
	}
	p, err := tx.StaffByEmail(email)
	if err != nil {
		return "", err
	}
	secret = NewToken(TokenPrefix)
	tx.Audit("token.create", string(p.ID))
	return secret, tx.CreateToken(Token{Hash: HashOf(secret), Person: p.ID, Name: name})
}

// Disable takes every way in from a member of staff at once: roles and tokens are looked up at each request. What they
// did stays in the audit trail; adding a role to the address again lets them back in, with new tokens.
func Disable(tx Tx, email string) error {
	if tx.Caller().Kind != System {
		return ErrDenied
	}
	p, err := tx.StaffByEmail(email)
	if err != nil {
		return err
	}
	tx.Audit("person.disable", string(p.ID))
	return tx.DisableStaff(p.ID)
}

// Facilitators lists who can lead a group, for coordinators.
func Facilitators(tx Tx) ([]Person, error) {
	if len(tx.Caller().In(Coordinator)) == 0 {
		return nil, ErrDenied
	}
	return tx.Facilitators()
}
