package store

import (
	"errors"

	"gorm.io/gorm"

	"grupa/internal/account"
	"grupa/internal/store/seal"
	"grupa/internal/words"
)

type staffRow struct {
	PersonID   string `gorm:"primaryKey"`
	Email      []byte
	DisabledAt *int64
	CreatedAt  int64
}

func (staffRow) TableName() string { return "staff" }

func (tx *Tx) emailIndex(email string) []byte {
	return tx.db.cfg.Sealing.Index("staff", seal.Fold(email))
}

// CreateStaff makes a person with a login.
func (tx *Tx) CreateStaff(p account.Person) error {
	if err := tx.createPerson(p); err != nil {
		return err
	}
	return tx.g.Create(&staffRow{
		PersonID: string(p.ID), Email: tx.emailIndex(p.Contact.Email), CreatedAt: tx.now.Unix(),
	}).Error
}

// StaffByEmail finds the member of staff with that mail address.
func (tx *Tx) StaffByEmail(email string) (account.Person, error) {
	var row staffRow
	if err := tx.g.Where("email = ?", tx.emailIndex(email)).Take(&row).Error; err != nil {
		return account.Person{}, orNotFound(err, account.ErrNoPerson)
	}
	return tx.person(row.PersonID)
}

// GrantRole gives a role in a programme; giving it again changes nothing.
func (tx *Tx) GrantRole(person account.PersonID, g account.Grant) error {
	return tx.g.Exec(`INSERT INTO staff_role (person_id, programme_id, role, created_at) VALUES (?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, string(person), string(g.Programme), string(g.Role), tx.now.Unix()).Error
}

// DisableStaff takes away every role and every token.
func (tx *Tx) DisableStaff(person account.PersonID) error {
	err := tx.g.Exec("DELETE FROM staff_role WHERE person_id = ?", string(person)).Error
	if err != nil {
		return err
	}
	return tx.g.Exec("UPDATE token SET revoked_at = ? WHERE person_id = ? AND revoked_at IS NULL",
		tx.now.Unix(), string(person)).Error
}

// CreateToken keeps the hash of an API token.
func (tx *Tx) CreateToken(t account.Token) error {
	name, err := tx.sealFor("person", string(t.Person), tokenAt(t.Hash), []byte(t.Name))
	if err != nil {
		return err
	}
	return tx.g.Exec("INSERT INTO token (hash, person_id, name, created_at) VALUES (?, ?, ?, ?)",
		blob(t.Hash[:]), string(t.Person), name, tx.now.Unix()).Error
}

func tokenAt(h account.Hash) seal.Place {
	return seal.Place{Table: "token", Column: "name", Record: string(h[:])}
}

// CallerByToken gives the caller behind an API token, with the roles of this instant.
func (tx *Tx) CallerByToken(h account.Hash) (account.Caller, error) {
	var grants []struct{ PersonID, ProgrammeID, Role string }
	err := tx.g.Raw(`SELECT s.person_id, r.programme_id, r.role FROM token t
		JOIN staff s ON s.person_id = t.person_id AND s.disabled_at IS NULL
		JOIN staff_role r ON r.person_id = s.person_id
		WHERE t.hash = ? AND t.revoked_at IS NULL`, h[:]).Scan(&grants).Error
	if err != nil {
		return account.Caller{}, err
	}
	if len(grants) == 0 {
		return account.Caller{}, account.ErrNobody
	}
	c := account.Caller{Kind: account.Staff, Person: account.PersonID(grants[0].PersonID)}
	for _, g := range grants {
		c.Grants = append(c.Grants, account.Grant{
			Programme: account.ProgrammeID(g.ProgrammeID), Role: account.Role(g.Role),
		})
	}
	return c, nil
}

// CallerByReceipt gives the caller behind a receipt code.
func (tx *Tx) CallerByReceipt(h account.Hash) (account.Caller, error) {
	var found struct{ PersonID, Language string }
	err := tx.g.Raw("SELECT person_id, language FROM application WHERE receipt = ?", h[:]).Scan(&found).Error
	if err == nil && found.PersonID == "" {
		err = account.ErrNobody
	}
	return account.Caller{
		Kind: account.Applicant, Person: account.PersonID(found.PersonID), Language: words.Lang(found.Language),
	}, err
}

// HasStaff says whether anybody can get in.
func (tx *Tx) HasStaff(role account.Role) (bool, error) {
	var n int64
	err := tx.g.Raw(`SELECT count(*) FROM staff_role r JOIN staff s ON s.person_id = r.person_id
		WHERE r.role = ? AND s.disabled_at IS NULL`, string(role)).Scan(&n).Error
	return n > 0, err
}

// IsFacilitator says whether the person leads groups in that programme.
func (tx *Tx) IsFacilitator(programme account.ProgrammeID, person account.PersonID) (bool, error) {
	var n int64
	err := tx.g.Raw(`SELECT count(*) FROM staff_role r JOIN staff s ON s.person_id = r.person_id
		WHERE r.person_id = ? AND r.programme_id = ? AND r.role = ? AND s.disabled_at IS NULL`,
		string(person), string(programme), string(account.Facilitator)).Scan(&n).Error
	return n > 0, err
}

// Facilitators lists who leads groups in the caller's programmes, in the order they came.
func (tx *Tx) Facilitators() ([]account.Person, error) {
	var rows []personRow
	err := tx.g.Raw(`SELECT p.* FROM person p JOIN staff s ON s.person_id = p.id
		WHERE s.disabled_at IS NULL AND p.id IN (
			SELECT person_id FROM staff_role WHERE role = ? AND programme_id IN ?)
		ORDER BY p.created_at, p.id`, string(account.Facilitator), tx.programmes(account.Coordinator)).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	var all []account.Person
	for _, r := range rows {
		p, err := tx.personOf(r)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// programmes is the caller's scope in a query; a list that matches nothing where there is none.
func (tx *Tx) programmes(roles ...account.Role) []string {
	ids := []string{""}
	for _, id := range tx.caller.In(roles...) {
		ids = append(ids, string(id))
	}
	return ids
}

// within narrows a query to the caller's programmes. One programme, the usual case, is asked for by equality, so that an
// index that begins with it also gives the order.
func (tx *Tx) within(q *gorm.DB, roles ...account.Role) *gorm.DB {
	switch in := tx.caller.In(roles...); len(in) {
	case 0:
		return q.Where("1 = 0")
	case 1:
		return q.Where("programme_id = ?", string(in[0]))
	default:
		return q.Where("programme_id IN ?", in)
	}
}

var errNotOne = errors.New("not exactly one row was changed")
