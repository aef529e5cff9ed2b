package notify_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"maps"
	"net/http/httptest"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"grupa/internal/notify"
	"grupa/internal/notify/smtptest"
)

func contains(text, part string) bool { return strings.Contains(text, part) }

func TestTheAddressOfAServerSaysHowTheWayToItIsKept(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"smtp://mail.example.org":             "starttls mail.example.org:587",
		"smtp://u:p@mail.example.org:25":      "starttls mail.example.org:25",
		"smtps://u%40x:p%2F@mail.example.org": "tls mail.example.org:465",
		"smtps://127.0.0.1:1465":              "tls 127.0.0.1:1465",
		"smtp://127.0.0.1:25":                 "inside 127.0.0.1:25",
		"smtp://localhost":                    "inside localhost:587",
		"smtp://[::1]:25":                     "inside [::1]:25",
		"smtp://192.168.1.1":                  "starttls 192.168.1.1:587",
		"smtp://localhost.example.org":        "starttls localhost.example.org:587",
	} {
		s, err := notify.NewServer(url, from)
		noError(t, err)
		equal(t, url, s.Security(), want)
	}
}

func TestASettingThatCannotBeTakenIsRefusedWithoutQuotingIt(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"", "mail.example.org", "mail.example.org:587", "http://mail.example.org", "smtp://", "smtp://:587",
		"smtp://user:Canary@mail.example.org/inbox", "smtp://user:Canary@mail.example.org?tls=no",
		"smtp://user:Canary%zz@mail.example.org", "smtp://user:Can ary@mail.example.org:x", "smtp://mail.example.org#x",
	} {
		err := notify.CheckURL(url)
		if err == nil || contains(err.Error(), "Can") || !contains(err.Error(), "smtp://") {
			t.Errorf("%q: %v", url, err)
		}
	}
	for _, sender := range []string{
		"", "office", "Office <office>", "a@b.c, d@e.f", "office@bücher.example", "office@[127.0.0.1]", "a@b c",
		"office@example.org\r\nBcc: x@example.org",
	} {
		if _, err := notify.ParseSender(sender); err == nil {
			t.Errorf("mail may come from %q", sender)
		}
	}
}

// certified gives a certificate of 127.0.0.1 and who vouches for it.
func certified(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates}, roots
}

func TestMailGoesOverANetworkOnlyEncrypted(t *testing.T) {
	t.Parallel()
	config, roots := certified(t)
	for what, c := range map[string]struct {
		options smtptest.Options
		scheme  string
		roots   *x509.CertPool
		sent    bool
	}{
		"STARTTLS":                   {smtptest.Options{TLS: config}, "smtp://", roots, true},
		"STARTTLS is not offered":    {smtptest.Options{}, "smtp://", roots, false},
		"STARTTLS of who knows whom": {smtptest.Options{TLS: config}, "smtp://", nil, false},
		"TLS from the start":         {smtptest.Options{TLS: config, Implicit: true}, "smtps://", roots, true},
		"TLS of who knows whom":      {smtptest.Options{TLS: config, Implicit: true}, "smtps://", nil, false},
		"no TLS where it was said":   {smtptest.Options{}, "smtps://", roots, false},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			c.options.User, c.options.Password = "office", "Canary/pass word"
			w := newWorld(t, c.options)
			w.worker.Server = w.server(c.scheme + "office:Canary%2Fpass%20word@" + w.smtp.Address())
			if c.scheme == "smtp://" {
				w.worker.Server.AsFromOutside()
			}
			w.worker.Server.Roots = c.roots
			w.offered()
			w.pass()
			taken := w.smtp.Taken()
			if !c.sent {
				equal(t, "came", len(w.smtp.Came()), 0)
				equal(t, "outbox", w.waits(), [2]int{1, 0})
			} else if len(taken) != 1 || !taken[0].Secure || taken[0].User != "office" {
				t.Errorf("%+v %s", taken, w.Log)
			}
			if contains(w.Log.String(), "Canary") {
				t.Errorf("the log knows the password: %s", w.Log)
			}
		})
	}
}

func TestAServerOfThisMachineIsTrustedWithThePassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t, smtptest.Options{User: "office", Password: "right"})
	w.worker.Server = w.server("smtp://office:wrong@" + w.smtp.Address())
	w.offered()
	w.pass()
	equal(t, "outbox", w.waits(), [2]int{1, 0}) // whoever runs this can still set it right
	equal(t, "came", len(w.smtp.Came()), 0)
	w.worker.Server = w.server("smtp://office:right@" + w.smtp.Address())
	w.Clock.Advance(60e9)
	w.pass()
	taken := w.smtp.Taken()
	if len(taken) != 1 || taken[0].User != "office" {
		t.Errorf("%+v %s", taken, w.Log)
	}
}

func TestNothingThatAPersonWroteBecomesAHeader(t *testing.T) {
	t.Parallel()
	s, err := notify.NewServer("smtp://localhost", from)
	noError(t, err)
	for _, address := range []string{
		"", "anna", "anna@", "@example.org", "a@b.c\r\nBcc: x@example.org", "a@b.c\nSubject: x", "a@b.c, x@example.org",
		"Anna <a@b.c>", "<a@b.c>", "a@b.c (comment)", "group: a@b.c;", `"a\r\nBcc: x"@b.c`, "a@b.c\x00", "a b@b.c",
		"a@b.c> SIZE=1", "a@b.c>\r\nRCPT TO:<x@example.org", "\u202ea@b.c ",
	} {
		if raw, err := s.Raw(address); err == nil {
			t.Errorf("%q was taken: %s", address, raw)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		address := rapid.OneOf(
			rapid.String(),
			rapid.StringMatching(`[a-z"<>,:;\r\n @.\\()]{1,8}@[a-z"<>,:;\r\n @.]{1,12}`),
		).Draw(t, "address")
		raw, err := s.Raw(address)
		if err != nil {
			return
		}
		m, err := mail.ReadMessage(strings.NewReader(raw))
		if err != nil {
			t.Fatalf("%q: %v", address, err)
		}
		to, err := m.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != address || to[0].Name != "" {
			t.Fatalf("%q: %v %v", address, to, err)
		}
		if names := slices.Sorted(maps.Keys(m.Header)); len(names) != 10 {
			t.Fatalf("%q: %v", address, names)
		}
	})
}

func TestASendEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	hang := make(chan struct{})
	server, err := smtptest.Start(smtptest.Options{At: func(s smtptest.Step, _ smtptest.Mail) error {
		if s == smtptest.Content {
			cancel()
			<-hang
		}
		return nil
	}})
	noError(t, err)
	defer func() { close(hang); _ = server.Close() }()
	s, err := notify.NewServer("smtp://"+server.Address(), from)
	noError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- s.Send(ctx, "anna@example.org") }()
	select {
	case err := <-ended:
		if err == nil || err.Error() != "mail not sent: content" {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("it waits for a server that says nothing")
	}
}
