package notify

import (
	"context"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"grupa/internal/words"
)

// Pass is one look at the outbox, and what it led to; it gives how much was leased.
func (w *Worker) Pass(ctx context.Context) int { return w.pass(ctx) }

// AsFromOutside treats a server of this machine as one that is reached over a network.
func (s *Server) AsFromOutside() { s.security = startTLS }

// Security is how the way to the server is kept, with the host and the port.
func (s *Server) Security() string {
	return map[security]string{startTLS: "starttls", implicit: "tls", inside: "inside"}[s.security] + " " + s.address()
}

func (s *Server) short(address string) (*mail.Msg, error) {
	return s.message("ID", address, text{language: words.English, subject: "S", body: "B\n"}, time.Unix(0, 0).UTC())
}

// Send sends a short mail.
func (s *Server) Send(ctx context.Context, address string) error {
	m, err := s.short(address)
	if err != nil {
		return err
	}
	return s.send(ctx, m)
}

// Raw writes a mail as it would be sent, to whatever address.
func (s *Server) Raw(address string) (string, error) {
	m, err := s.short(address)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	_, err = m.WriteTo(&b)
	return b.String(), err
}
