// Package smtptest is a real SMTP server for tests and for the programs under internal/faults: it keeps what it is
// sent, and whoever started it decides at each step what it answers, and may do what it likes meanwhile. It leaves out
// every assertion.
package smtptest

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Step is a moment of a conversation, before the server's reply to it.
type Step string

// The steps, in order. Taken is seen without TLS alone.
const (
	Hello     Step = "hello"     // the client has named itself
	Sender    Step = "sender"    // MAIL FROM
	Recipient Step = "recipient" // RCPT TO
	Content   Step = "content"   // the whole mail is here; the client waits for the word that it was taken
	Taken     Step = "taken"     // the client knows that it was taken, and waits for an answer to its good-bye
)

// Mail is one mail as it came, whether or not it was taken then.
type Mail struct {
	From   string // of the envelope
	To     []string
	Data   string // header and body
	Secure bool   // over TLS
	User   string // who signed in; empty: nobody
}

// Options say how the server behaves. The zero Options take everything, without TLS.
type Options struct {
	TLS      *tls.Config // offered by STARTTLS; nil: not offered
	Implicit bool        // TLS from the first octet
	User     string      // who must sign in; empty: anybody may send
	Password string
	// At is called at each step. An error refuses (see Refuse), HangUp breaks the connection. It may block.
	At func(Step, Mail) error
}

// Server is a running server.
type Server struct {
	options  Options
	listener net.Listener
	smtp     *smtp.Server
	serving  sync.WaitGroup

	mu    sync.Mutex
	came  []Mail
	taken []Mail
}

// Start listens on a port of its own on this machine.
func Start(o Options) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, listener: listener}
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		v := &visit{server: s, conn: c}
		if d, ok := c.Conn().(*door); ok {
			d.visit = v
		}
		return v, v.at(Hello)
	}))
	s.smtp.Domain, s.smtp.AllowInsecureAuth = "localhost", true
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = time.Minute, time.Minute
	s.smtp.ErrorLog = log.New(io.Discard, "", 0)
	switch {
	case o.Implicit:
		listener = tls.NewListener(listener, o.TLS)
	case o.TLS != nil:
		s.smtp.TLSConfig = o.TLS
	default:
		listener = doorman{listener}
	}
	s.serving.Go(func() { _ = s.smtp.Serve(listener) }) // it ends with Close
	return s, nil
}

// Address is where it listens, as 127.0.0.1:2525.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Came lists every mail that arrived whole, in order, also those that were refused or whose client never learned that
// it was taken.
func (s *Server) Came() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.came...)
}

// Taken lists the mails that the server took.
func (s *Server) Taken() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.taken...)
}

// Close ends it and every conversation.
func (s *Server) Close() error {
	err := s.smtp.Close()
	_ = s.listener.Close() // it is closed by now, unless the server had not yet begun
	s.serving.Wait()
	return err
}

// Refuse is a refusal with that code: 4xx for now, 5xx for good.
func Refuse(code int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: text}
}
