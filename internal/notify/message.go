package notify

import (
	netmail "net/mail"
	"time"

	"github.com/wneessen/go-mail"
)

// message builds a mail to one person. Only our own words and an address that was read and written anew get into its
// headers. Its Message-ID is the same at every try.
func (s *Server) message(id, address string, t text, now time.Time) (*mail.Msg, error) {
	to, err := netmail.ParseAddress(address)
	if err != nil || to.Address != address {
		return nil, &failure{step: "address", permanent: true}
	}
	from := s.from
	if t.sender != "" {
		from.Name = t.sender
	}
	m := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP), mail.WithNoDefaultUserAgent())
	m.FromMailAddress(&from)
	m.ToMailAddress(&netmail.Address{Address: to.Address})
	m.Subject(t.subject)
	m.SetDateWithValue(now)
	m.SetMessageIDWithValue(id + "@" + domain(from.Address))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5
	m.SetGenHeader(mail.HeaderContentLang, string(t.language))
	m.SetBodyString(mail.TypeTextPlain, t.body)
	return m, nil
}
