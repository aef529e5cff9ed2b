package intake

import (
	"grupa/internal/account"
	"grupa/internal/fault"
	"grupa/internal/words"
)

// Submission is a filled form as it arrives.
type Submission struct {
	Form     FormRef
	Language words.Lang
	TimeZone string // IANA; empty = the site's
	Answers  []Given
}

// Receipt is what the applicant is given. The code is shown this once and kept as a hash only.
type Receipt struct {
	Application Application
	Code        string
	Screening   Screening
}

// Submit takes a filled form, screens it and gives the receipt: one unit, so there is no application without its
// screening. Anyone may.
func Submit(tx Tx, s Submission) (Receipt, error) {
	if tx.Caller().Kind == account.Nobody {
		return Receipt{}, account.ErrNobody
	}
	form, err := tx.FormVersion(s.Form)
	if fault.KindOf(err) == fault.NotFound {
		return Receipt{}, fault.At("form_version", "form_version")
	}
	if err != nil {
		return Receipt{}, err
	}
	answers, err := s.take(form)
	if err != nil {
		return Receipt{}, err
	}
	a, err := s.application(tx, answers)
	if err != nil {
		return Receipt{}, err
	}
	code := account.NewReceipt()
	normal, _ := account.ParseReceipt(code)
	a.Receipt = account.HashOf(normal)
	screening, err := screenAll(tx, form, &a)
	if err != nil {
		return Receipt{}, err
	}
	if err := tx.CreateApplication(a); err != nil {
		return Receipt{}, err
	}
	tx.Audit("application.submit", string(a.ID))
	return Receipt{a, code, screening}, tx.SaveScreening(screening)
}

func (s Submission) take(form *Form) (Answers, error) {
	var l fault.List
	answers, err := form.Take(s.Answers)
	if err := l.Take(err); err != nil {
		return nil, err
	}
	if !words.Known(string(s.Language)) {
		l.Add("language", "choice")
	}
	if _, err := account.Zone(s.TimeZone); err != nil && s.TimeZone != "" {
		l.Add("time_zone", "time_zone")
	}
	return answers, l.Err()
}

func (s Submission) application(tx Tx, answers Answers) (Application, error) {
	programme, err := tx.Programme()
	if err != nil {
		return Application{}, err
	}
	zone := s.TimeZone
	if zone == "" {
		site, err := tx.Site()
		if err != nil {
			return Application{}, err
		}
		zone = site.TimeZone
	}
	a := Application{
		ID: ApplicationID(account.NewID()), Person: account.PersonID(account.NewID()), Programme: programme.ID,
		Reference: account.NewReference(), Form: s.Form, Language: s.Language, TimeZone: zone,
		State: Submitted, Safety: SafetyNone, Answers: answers, Version: 1, Submitted: tx.Now(), Updated: tx.Now(),
	}
	for link, answer := range answers {
		if answer.Contact != nil {
			a.Contact = *answer.Contact
			delete(answers, link)
		}
	}
	return a, nil
}
