package smtptest

import (
	"bytes"
	"errors"
	"io"
	"net"
	"slices"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// ErrHangUp breaks the connection instead of an answer.
var ErrHangUp = errors.New("hang up")

// visit is one client's conversation. Only its connection's goroutine uses it.
type visit struct {
	server *Server
	conn   *smtp.Conn
	mail   Mail
	taken  bool // the mail was, and the client says good-bye next
}

func (v *visit) at(s Step) error {
	if v.server.options.At == nil {
		return nil
	}
	m := v.mail
	m.To = slices.Clone(m.To)
	err := v.server.options.At(s, m)
	if errors.Is(err, ErrHangUp) {
		_ = v.conn.Conn().Close() // the answer that follows goes nowhere
	}
	return err
}

// Mail implements smtp.Session.
func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	if v.server.options.User != "" && v.mail.User == "" {
		return smtp.ErrAuthRequired
	}
	v.mail.From = from
	return v.at(Sender)
}

// Rcpt implements smtp.Session.
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.mail.To = append(v.mail.To, to)
	return v.at(Recipient)
}

// Data implements smtp.Session.
func (v *visit) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	v.mail.Data = string(raw)
	_, v.mail.Secure = v.conn.TLSConnectionState()
	s := v.server
	s.mu.Lock()
	s.came = append(s.came, v.mail)
	s.mu.Unlock()
	if err := v.at(Content); err != nil {
		return err
	}
	s.mu.Lock()
	s.taken = append(s.taken, v.mail)
	s.mu.Unlock()
	v.taken = true
	return nil
}

// Reset implements smtp.Session.
func (v *visit) Reset() {
	if !v.taken {
		v.mail = Mail{User: v.mail.User}
	}
}

// Logout implements smtp.Session.
func (v *visit) Logout() error { return nil }

// AuthMechanisms implements smtp.AuthSession.
func (v *visit) AuthMechanisms() []string {
	if v.server.options.User == "" {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth implements smtp.AuthSession.
func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != v.server.options.User || password != v.server.options.Password {
			return smtp.ErrAuthFailed
		}
		v.mail.User = user
		return nil
	}), nil
}

// doorman is a listener whose connections know when the good-bye is answered.
type doorman struct{ net.Listener }

// Accept implements net.Listener.
func (d doorman) Accept() (net.Conn, error) {
	c, err := d.Listener.Accept()
	return &door{Conn: c}, err
}

// door is a connection that is about to be left: the client has read that its mail was taken, and waits for the answer
// to its good-bye.
type door struct {
	net.Conn
	visit *visit
}

// Write implements net.Conn.
func (d *door) Write(p []byte) (int, error) {
	if d.visit != nil && d.visit.taken && bytes.HasPrefix(p, []byte("221")) {
		_ = d.visit.at(Taken) // there is nothing left to refuse
	}
	return d.Conn.Write(p)
}
