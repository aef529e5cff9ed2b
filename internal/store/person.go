package store

import (
	"encoding/json"
	"strings"
	"time"

	"grupa/internal/account"
	"grupa/internal/store/seal"
	"grupa/internal/words"
)

type personRow struct {
	Seq         int64 `gorm:"primaryKey"`
	ID          string
	ProgrammeID string
	Key         []byte
	Language    string
	TimeZone    string
	Contact     []byte
	CreatedAt   int64
}

func (personRow) TableName() string { return "person" }

// contactData is the sealed form of a contact.
type contactData struct {
	Name     string `json:"name,omitempty"`
	Email    string `json:"email,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Reach    string `json:"reach,omitempty"`
	Discreet bool   `json:"discreet,omitempty"`
	Note     string `json:"note,omitempty"`
}

func contactAt(id string) seal.Place {
	return seal.Place{Table: "person", Column: "contact", Record: id}
}

func (tx *Tx) personOf(r personRow) (account.Person, error) {
	key, err := tx.db.cfg.Sealing.Unwrap(r.ID, r.Key)
	if err != nil {
		return account.Person{}, err
	}
	tx.remember(r.ID, key)
	raw, err := key.Open(contactAt(r.ID), r.Contact)
	if err != nil {
		return account.Person{}, err
	}
	var c contactData
	if err := json.Unmarshal(raw, &c); err != nil {
		return account.Person{}, err
	}
	return account.Person{
		ID: account.PersonID(r.ID), Programme: account.ProgrammeID(r.ProgrammeID),
		Language: words.Lang(r.Language), TimeZone: r.TimeZone, Created: time.Unix(r.CreatedAt, 0).UTC(),
		Contact: account.Contact{
			Name: c.Name, Email: c.Email, Phone: c.Phone, Reach: account.Reach(c.Reach), Discreet: c.Discreet, Note: c.Note,
		},
	}, nil
}

// createPerson makes the person's key, seals the contact with it and indexes its words.
func (tx *Tx) createPerson(p account.Person, more ...indexed) error {
	key, wrapped, err := tx.db.cfg.Sealing.NewKey(string(p.ID))
	if err != nil {
		return err
	}
	tx.remember(string(p.ID), key)
	c := p.Contact
	raw, err := json.Marshal(contactData{c.Name, c.Email, c.Phone, string(c.Reach), c.Discreet, c.Note})
	if err != nil {
		return err
	}
	err = tx.g.Exec(`INSERT INTO person (id, programme_id, key, language, time_zone, contact, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, string(p.ID), string(p.Programme), wrapped, string(p.Language),
		p.TimeZone, key.Seal(contactAt(string(p.ID)), raw), p.Created.Unix()).Error
	if err != nil {
		return err
	}
	return tx.indexWords(p.ID, append(more, indexedContact(c)...))
}

// indexWords stores all the words of a person in one statement: a submitted form waits for it.
func (tx *Tx) indexWords(person account.PersonID, all []indexed) error {
	if len(all) == 0 {
		return nil
	}
	args := make([]any, 0, 2*len(all))
	for _, i := range all {
		args = append(args, blob(tx.db.cfg.Sealing.Index(i.kind, i.word)), string(person))
	}
	const row = "(?, (SELECT seq FROM person WHERE id = ?))"
	return tx.g.Exec("INSERT INTO search_word (word, person_seq) VALUES "+row+
		strings.Repeat(", "+row, len(all)-1)+" ON CONFLICT DO NOTHING", args...).Error
}

// indexed is a word that a person is found by.
type indexed struct{ kind, word string }

// mostWords bounds the index rows of one person.
const mostWords = 20

func indexedContact(c account.Contact) []indexed {
	var all []indexed
	for _, w := range seal.Words(c.Name) {
		if len(all) < mostWords {
			all = append(all, indexed{"word", w})
		}
	}
	if c.Email != "" {
		all = append(all, indexed{"word", seal.Fold(c.Email)})
	}
	return all
}

// searchTerms says how a search is looked up: each term must be found in one of its forms. A mail address is one word,
// everything else is split. What could be a reference is looked up as one too, and not only as one: many a name of
// eight letters could be a reference.
func searchTerms(text string) (terms [][]indexed) {
	whole := referenceIn(text) // also with a space where the hyphen stands
	for part := range strings.FieldsSeq(text) {
		reference := append(whole[:len(whole):len(whole)], referenceIn(part)...)
		split := []string{seal.Fold(part)}
		if !strings.Contains(part, "@") {
			split = seal.Words(part)
		}
		for _, w := range split {
			terms = append(terms, append([]indexed{{"word", w}}, reference...))
		}
	}
	return terms
}

func referenceIn(text string) []indexed {
	if reference, ok := account.ParseReference(text); ok {
		return []indexed{{"reference", reference}}
	}
	return nil
}

// Person gives a person with their contact to themselves and to the machine.
func (tx *Tx) Person(id account.PersonID) (account.Person, error) {
	if tx.caller.Kind != account.System && tx.caller.Person != id {
		return account.Person{}, account.ErrNoPerson
	}
	return tx.person(string(id))
}

func (tx *Tx) person(id string) (account.Person, error) {
	var row personRow
	if err := tx.g.Where("id = ?", id).Take(&row).Error; err != nil {
		return account.Person{}, orNotFound(err, account.ErrNoPerson)
	}
	return tx.personOf(row)
}
