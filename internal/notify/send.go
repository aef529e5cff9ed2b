package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// How long a mail server is waited for: until it is reached, and until a whole mail is handed over. A lease is longer,
// so that nobody else takes up a mail that is still under way.
const (
	dialTime = 15 * time.Second
	sendTime = 45 * time.Second
	quitTime = time.Second
)

// failure says why a mail did not go out. Servers like to quote the address that they refuse, so their words are kept
// only from before it was named.
type failure struct {
	step      string // address, connect, sender, recipient or content
	code      int    // of the server's reply; 0 where there was none
	permanent bool   // another try would end the same
	cause     error  // may be logged
}

// Error names no one.
func (f *failure) Error() string {
	text := "mail not sent: " + f.step
	if f.code != 0 {
		text += " " + strconv.Itoa(f.code)
	}
	if f.cause != nil {
		text += ": " + f.cause.Error()
	}
	return text
}

// send hands a mail to the server. Nil means that the server has taken it; then it is the server's to deliver.
func (s *Server) send(ctx context.Context, m *mail.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	var conn net.Conn
	defer func() {
		if conn != nil {
			_ = conn.Close() // nothing is lost: the mail was taken, or is sent again
		}
	}()
	client, err := mail.NewClient(s.host, s.options(func(dialing context.Context, _, _ string) (c net.Conn, err error) {
		if conn, err = s.dial(dialing); err == nil {
			context.AfterFunc(ctx, func() { _ = conn.Close() }) // the client's own deadlines know nothing of ctx
		}
		return conn, err
	})...)
	if err != nil {
		return &failure{step: "connect", cause: err}
	}
	conversation, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return &failure{step: "connect", cause: err}
	}
	err = client.SendWithSMTPClient(conversation, m)
	if !m.IsDelivered() {
		return failed(err)
	}
	_ = conn.SetDeadline(time.Now().Add(quitTime))
	_ = client.CloseWithSMTPClient(conversation) // it has the mail, whatever it says to our good-bye
	return nil
}

func (s *Server) dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.address())
	if err != nil || s.security != implicit {
		return conn, err
	}
	secured := tls.Client(conn, s.tls())
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return secured, nil
}

// failed reads the reply. Refusing the recipient or the mail for good is about this mail; refusing the sender is about
// this house and its settings, which somebody can still mend.
func failed(err error) *failure {
	f := &failure{step: "content"}
	e, ok := errors.AsType[*mail.SendError](err)
	if !ok {
		return f
	}
	f.code = e.ErrorCode()
	switch e.Reason {
	case mail.ErrConnCheck:
		f.step = "connect"
	case mail.ErrSMTPMailFrom:
		f.step = "sender"
	case mail.ErrSMTPRcptTo:
		f.step = "recipient"
	}
	f.permanent = f.code >= 500 && (f.step == "recipient" || f.step == "content")
	return f
}

func (s *Server) options(dial mail.DialContextFunc) []mail.Option {
	all := []mail.Option{
		mail.WithTimeout(sendTime), mail.WithHELO(domain(s.from.Address)), mail.WithTLSConfig(s.tls()),
		mail.WithDialContextFunc(dial), mail.WithoutNoop(), mail.WithoutRset(),
	}
	ways := []mail.SMTPAuthType{mail.SMTPAuthPlain, mail.SMTPAuthLogin, mail.SMTPAuthSCRAMSHA256}
	switch s.security {
	case implicit:
		all = append(all, mail.WithSSL())
	case startTLS:
		all = append(all, mail.WithTLSPolicy(mail.TLSMandatory))
	case inside:
		all = append(all, mail.WithTLSPolicy(mail.NoTLS))
		ways = []mail.SMTPAuthType{mail.SMTPAuthPlainNoEnc, mail.SMTPAuthLoginNoEnc, mail.SMTPAuthSCRAMSHA256}
	}
	if s.user != "" {
		all = append(all, mail.WithUsername(s.user), mail.WithPassword(s.password), mail.WithOpportunisticSMTPAuth(ways...))
	}
	return all
}

func (s *Server) tls() *tls.Config {
	return &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12, RootCAs: s.Roots}
}
