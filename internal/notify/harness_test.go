package notify_test

import (
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"grupa/calendar"
	"grupa/group"
	"grupa/internal/account"
	"grupa/internal/notify"
	"grupa/internal/notify/smtptest"
	"grupa/internal/store"
	"grupa/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// world is a database with a coordinator, a mail server, and a worker between them.
type world struct {
	*storetest.Store
	t      *testing.T
	c      account.Caller
	smtp   *smtptest.Server
	worker *notify.Worker
}

const from = "Haven of Grief <office@haven.example>" // what a discreet mail must not show

func newWorld(t *testing.T, o smtptest.Options) world {
	t.Helper()
	w := world{Store: storetest.New(t), t: t}
	w.c, _ = w.Staff("coordinator@example.org", account.Coordinator)
	var err error
	w.smtp, err = smtptest.Start(o)
	noError(t, err)
	t.Cleanup(func() { _ = w.smtp.Close() })
	w.worker = w.newWorker()
	return w
}

func (w world) newWorker() *notify.Worker {
	w.t.Helper()
	return &notify.Worker{
		DB: w.DB, Server: w.server("smtp://" + w.smtp.Address()), Root: "https://haven.example/",
		Log: slog.New(slog.NewJSONHandler(w.Log, nil)),
	}
}

func (w world) server(url string) *notify.Server {
	w.t.Helper()
	s, err := notify.NewServer(url, from)
	noError(w.t, err)
	return s
}

// offered makes an offer for 30 days, which waits to be told.
func (w world) offered() (p storetest.Person, o group.Offer) {
	w.t.Helper()
	p = w.Apply(storetest.Filled("Anna Canary"))
	w.Admit(w.c, p, "support")
	g := w.Group(w.c, 5)
	w.Do(w.c, func(tx *store.Tx) (err error) {
		o, err = group.MakeOffer(tx, p.Application, g.ID, tx.Now().AddDate(0, 0, 30))
		return err
	})
	return p, o
}

func (w world) pass() int { return w.worker.Pass(w.t.Context()) }

// waits is the outbox in numbers: how many wait, how many failed.
func (w world) waits() [2]int {
	w.t.Helper()
	stats, err := w.MailStats(w.t.Context())
	noError(w.t, err)
	return [2]int{stats.Waiting, stats.Failed}
}

func (w world) change(s calendar.Session, c calendar.Change) calendar.Session {
	w.t.Helper()
	var after calendar.Changed
	w.Do(w.c, func(tx *store.Tx) (err error) {
		after, err = calendar.ChangeSession(tx, s.ID, s.Version, c)
		return err
	})
	return after.Session
}

func (w world) plan(g group.Group, start string, count int, room calendar.RoomID) []calendar.Session {
	w.t.Helper()
	var p calendar.Planned
	w.Do(w.c, func(tx *store.Tx) (err error) {
		p, err = calendar.PlanSeries(tx, string(g.ID), calendar.SeriesDraft{
			Plan: calendar.Plan{Start: local(w.t, start), Zone: "Europe/Warsaw", Minutes: 90, Every: 1, Count: count},
			Room: room,
		})
		return err
	})
	return p.Sessions
}

func local(t *testing.T, text string) calendar.Local {
	t.Helper()
	l, err := calendar.ParseLocal(text)
	noError(t, err)
	return l
}

// letter is a mail as a mail program reads it.
type letter struct {
	mail.Header
	Envelope smtptest.Mail
	Subject  string
	Body     string
}

func opened(t *testing.T, m smtptest.Mail) letter {
	t.Helper()
	msg, err := mail.ReadMessage(strings.NewReader(m.Data))
	noError(t, err)
	if got := msg.Header.Get("Content-Transfer-Encoding"); got != "quoted-printable" {
		t.Errorf("encoded as %q", got)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(msg.Body))
	noError(t, err)
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	noError(t, err)
	return letter{msg.Header, m, subject, strings.ReplaceAll(string(body), "\r\n", "\n")}
}

func (w world) letters() (all []letter) {
	w.t.Helper()
	for _, m := range w.smtp.Taken() {
		all = append(all, opened(w.t, m))
	}
	return all
}

func (w world) messageIDs() (all []string) {
	w.t.Helper()
	for _, m := range w.smtp.Came() {
		all = append(all, opened(w.t, m).Get("Message-ID"))
	}
	return all
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
