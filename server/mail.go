package main

import (
	"errors"
	"time"

	"grupa/internal/notify"
	"grupa/internal/store"
)

// postman gives the worker that sends mail, or nil where no mail server is set: then what is to be sent waits. It is
// asked before the address that people reach the server by is guessed: a guess is not put into a mail.
func (p *program) postman(db *store.DB) (*notify.Worker, error) {
	if p.SMTPURL == "" {
		return nil, nil
	}
	server, err := notify.NewServer(p.SMTPURL, p.MailFrom)
	if err != nil {
		return nil, err
	}
	w := &notify.Worker{DB: db, Server: server, Log: p.logger()}
	if p.PublicURL != "" {
		w.Root = p.PublicURL + "/"
	}
	return w, nil
}

func checkSMTP(v string) error {
	if v == "" {
		return nil
	}
	return notify.CheckURL(v)
}

func checkSender(v string) error {
	if v == "" {
		return nil
	}
	_, err := notify.ParseSender(v)
	return err
}

// mailComplete wants a sender where there is a mail server.
func (c Config) mailComplete() error {
	if c.SMTPURL != "" && c.MailFrom == "" {
		return errors.New("--smtp-url is set, but --mail-from is empty: write the address that mail comes from, such as " +
			"office@example.org")
	}
	return nil
}

// sayMail says what of the outbox somebody might want to look at.
func (p *program) sayMail(s store.MailStats) {
	if s.Waiting > 0 {
		p.printf("Mail: %d wait to be sent, the first since %s.\n", s.Waiting, s.Oldest.Format(time.RFC3339))
	}
	if s.Failed > 0 {
		p.printf("Mail: %d were given up; the log names them by id.\n", s.Failed)
	}
}
