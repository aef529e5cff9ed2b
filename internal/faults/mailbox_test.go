package main

import (
	"io"
	"net"
	"net/smtp"
	"slices"
	"strings"
	"testing"
)

const aMail = "Message-ID: <one@example.org>\r\nSubject: news\r\n\r\nHello.\r\n"

func newTestMailbox(t *testing.T) *mailbox {
	t.Helper()
	b, err := newMailbox()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func (b *mailbox) send() error {
	to := []string{"ada@example.org"}
	return smtp.SendMail(b.listener.Addr().String(), nil, "office@example.org", to, []byte(aMail))
}

func TestEachCopyOfAMailIsCounted(t *testing.T) {
	t.Parallel()
	b := newTestMailbox(t)
	for range 2 {
		if err := b.send(); err != nil {
			t.Fatal(err)
		}
	}
	if ids := b.copies("ada@example.org"); !slices.Equal(ids, []string{"<one@example.org>", "<one@example.org>"}) {
		t.Errorf("%q came", ids)
	}
	if ids := b.copies("eve@example.org"); len(ids) > 0 {
		t.Errorf("%q came for somebody else", ids)
	}
}

// A sender that dies in the middle of a mail has sent none.
func TestHalfAMailIsNone(t *testing.T) {
	t.Parallel()
	b := newTestMailbox(t)
	conn, err := net.Dial("tcp", b.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	half := "EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<ada@example.org>\r\nDATA\r\n" + aMail
	if _, err := conn.Write([]byte(half)); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	// What it says ends when the dialogue does.
	if said, err := io.ReadAll(conn); err != nil || !strings.Contains(string(said), "354") {
		t.Errorf("%v: %s", err, said)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if b.count() > 0 {
		t.Errorf("%d mails came", b.count())
	}
}

// A halted dialogue says nothing until it may go on.
func TestAHaltIsReachedBeforeTheMailIsTaken(t *testing.T) {
	t.Parallel()
	b := newTestMailbox(t)
	halted, sent := b.haltAt(hadMail), make(chan error, 1)
	go func() {
		sent <- b.send()
	}()
	if err := soon(t.Context(), halted); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-sent:
		t.Fatalf("the sender was answered: %v", err)
	default:
	}
	if b.goOn(); <-sent != nil {
		t.Error("it was not taken afterwards")
	}
	if b.count() != 1 {
		t.Errorf("%d mails came", b.count())
	}
}

func TestAMailThatIsMissingOrHasTwoNamesIsSeen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ids  []string
		once bool
		good bool
	}{
		"none":            {nil, false, false},
		"one":             {[]string{"a"}, true, true},
		"two copies":      {[]string{"a", "a"}, false, true},
		"a copy too many": {[]string{"a", "a"}, true, false},
		"two names":       {[]string{"a", "b"}, false, false},
	} {
		var r Result
		r.judgeMail(name, c.ids, c.once)
		if good := r.Lost+r.Duplicated == 0; good != c.good {
			t.Errorf("%s: good is %v", name, good)
		}
	}
}
