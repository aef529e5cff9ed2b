package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"grupa/internal/notify/smtptest"
)

// mailed waits until that many mails were taken.
func mailed(t *testing.T, s *smtptest.Server, n int) []smtptest.Mail {
	t.Helper()
	tick, late := time.NewTicker(20*time.Millisecond), time.After(60*time.Second)
	defer tick.Stop()
	for {
		if all := s.Taken(); len(all) >= n {
			return all
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%d of %d mails came", len(s.Taken()), n)
		}
	}
}

func TestTheServerSendsWhatTheWalkCauses(t *testing.T) {
	t.Parallel()
	server, err := smtptest.Start(smtptest.Options{User: "office", Password: "canary-password"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	p := newProcess(t)
	secret := filepath.Join(p.folder, "smtp")
	url := "smtp://office:canary-password@" + server.Address() + "\n"
	if err := os.WriteFile(secret, []byte(url), 0o600); err != nil {
		t.Fatal(err)
	}
	p.settings = append(p.settings, "GRUPA_SMTP_URL_FILE="+secret, "GRUPA_MAIL_FROM=Lipowa <office@example.org>")
	p.walk()
	// One session was moved, one cancelled. The offer was accepted at once: its mail went out before that or not at all.
	for _, m := range mailed(t, server, 2) {
		if len(m.To) != 1 || m.To[0] != "maryam@example.org" || m.From != "office@example.org" || m.User != "office" {
			t.Errorf("%+v", m)
		}
		for _, word := range []string{"Lipowa", "Tuesday circle", "http"} { // the person asked for discretion
			if strings.Contains(m.Data, word) {
				t.Errorf("%q is in %s", word, m.Data)
			}
		}
	}
	p.stop()
	if out := p.run("check"); !strings.Contains(out, "all well") || strings.Contains(out, "Mail:") {
		t.Error(out)
	}
	if log := p.log.text(); strings.Contains(log, "canary-password") || strings.Contains(log, "maryam") {
		t.Error(log)
	}
}

func TestMailWaitsWithoutAServerAndTheCheckSaysSo(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.walk()
	p.stop()
	if out := p.run("check"); !strings.Contains(out, "Mail: 3 wait to be sent") {
		t.Error(out)
	}
}

func TestMailSettingsThatCannotWorkStopTheStart(t *testing.T) {
	t.Parallel()
	none := func(string) (string, bool) { return "", false }
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--smtp-url", "mail.example.org:587", "--mail-from", "a@example.org"}, "smtp://user:password@"},
		{[]string{"--smtp-url", "smtp://mail.example.org"}, "--mail-from"},
		{[]string{"--smtp-url", "smtp://mail.example.org", "--mail-from", "office"}, "office@example.org"},
	} {
		_, _, _, err := readConfig("serve", c.args, none)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %v", c.args, err)
		}
	}
	_, _, _, err := readConfig("serve", []string{"--smtp-url", "smtp://u:canary@mail.example.org/x"}, none)
	if err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("the password is quoted: %v", err)
	}
}

func TestADemoSendsNoMail(t *testing.T) {
	t.Parallel()
	reached := make(chan struct{}, 100)
	server, err := smtptest.Start(smtptest.Options{At: func(smtptest.Step, smtptest.Mail) error {
		reached <- struct{}{}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	p := newProcess(t)
	p.settings = append(p.settings, "GRUPA_SMTP_URL=smtp://"+server.Address(), "GRUPA_MAIL_FROM=office@example.org")
	p.start("demo")
	select {
	case <-reached:
		t.Error("people who were made up get mail")
	case <-time.After(3 * time.Second): // mail that waits is looked for every second
	}
	p.stop()
}
