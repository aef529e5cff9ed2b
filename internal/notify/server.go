package notify

import (
	"crypto/x509"
	"errors"
	"net"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"strings"
)

// Server is a mail server that takes our mail, and who we are to it.
type Server struct {
	host, port     string
	security       security
	user, password string
	from           netmail.Address
	Roots          *x509.CertPool // that its certificate is checked by; nil: those of the machine
}

// security says how the way to a server is kept from others.
type security int

const (
	startTLS security = iota // asked for, and refused where the server does not offer it
	implicit                 // TLS from the first octet
	inside                   // nothing, since nothing leaves this machine
)

// Ports of RFC 6409 (submission) and RFC 8314 (submissions).
const submission, submissions = "587", "465"

var (
	errURL = errors.New("write smtp://user:password@mail.example.org or smtps://…, with % signs for what an address " +
		"can't hold, or nothing to send no mail")
	errFrom = errors.New("write a mail address, such as office@example.org or Office <office@example.org>")
)

// NewServer reads the address of a mail server and the sender of all mail. It opens no connection, and its errors quote
// neither.
func NewServer(address, from string) (*Server, error) {
	s := &Server{}
	if err := s.readURL(address); err != nil {
		return nil, err
	}
	sender, err := ParseSender(from)
	s.from = sender
	return s, err
}

// CheckURL says what is wrong with the address of a mail server.
func CheckURL(address string) error { return new(Server).readURL(address) }

func (s *Server) readURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return errURL // the parser's own error would quote the password
	}
	s.host, s.port, s.user = u.Hostname(), u.Port(), u.User.Username()
	s.password, _ = u.User.Password()
	switch u.Scheme {
	case "smtps":
		s.security, s.port = implicit, orElse(s.port, submissions)
	case "smtp":
		s.port = orElse(s.port, submission)
		if isLoopback(s.host) {
			s.security = inside
		}
	default:
		return errURL
	}
	return nil
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// ParseSender reads an address, with or without a name, that mail comes from. Its domain names this house in the
// Message-IDs and to the server, so it is plain ASCII.
func ParseSender(from string) (netmail.Address, error) {
	a, err := netmail.ParseAddress(from)
	if err != nil || !isPlain(domain(a.Address)) {
		return netmail.Address{}, errFrom
	}
	return *a, nil
}

func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// isPlain holds for letters, digits, hyphens and dots.
func isPlain(domain string) bool {
	return domain != "" && !strings.ContainsFunc(domain, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.')
	})
}

func (s *Server) address() string { return net.JoinHostPort(s.host, s.port) }
