package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"grupa/api"
	"grupa/internal/account"
	"grupa/internal/store"
	"grupa/internal/store/pgrun"
	"grupa/internal/store/seal"
)

// canaries are words that stand nowhere else. What is written about people carries one each.
type canaries map[string]string

func newCanaries() canaries {
	c := canaries{}
	for _, what := range []string{
		"reason", "hopes", "name", "email", "phone", "note", "title", "room", "decision", "summary", "staff", "token",
		"broken", "query", "path", "header", "persian",
	} {
		c[what] = "Canary" + strings.ToLower(account.NewID()[:10])
	}
	c["persian"] = "قناری" + c["persian"]
	return c
}

// life is one person's way through everything, over HTTP, with a canary wherever words are taken, and the mistakes that
// people make.
type life struct {
	t     *testing.T
	url   string
	staff string // a coordinator's token
	c     canaries
	// secrets that were given out on the way
	receipt, feed string
}

func (l *life) do(method, path, secret string, body any, into any, headers ...string) *http.Response {
	l.t.Helper()
	raw, isRaw := body.([]byte)
	if !isRaw && body != nil {
		raw, _ = json.Marshal(body) // of maps and texts
	}
	r, err := http.NewRequestWithContext(l.t.Context(), method, l.url+path, bytes.NewReader(raw))
	if err != nil {
		l.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		l.t.Fatal(err)
	}
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	_ = resp.Body.Close() // read to its end
	if into != nil {
		if resp.StatusCode > 299 {
			l.t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, answer)
		}
		if err := json.Unmarshal(answer, into); err != nil {
			l.t.Fatal(err)
		}
	}
	return resp
}

func (l *life) live() {
	l.t.Helper()
	key := "key-" + account.NewID()
	var receipt api.Receipt
	l.do("POST", "/api/v1/applications", "", l.form(), &receipt, "Idempotency-Key", key)
	l.do("POST", "/api/v1/applications", "", l.form(), &receipt, "Idempotency-Key", key)
	l.receipt = receipt.ReceiptCode
	l.mistakes(receipt.ID)
	var application api.Application
	head := l.do("GET", "/api/v1/applications/"+receipt.ID, l.staff, nil, &application)
	l.do("GET", "/api/v1/applications?q="+url.QueryEscape(l.c["name"]), l.staff, nil, &api.ApplicationList{})
	l.do("GET", "/api/v1/applications/"+receipt.ID+"/screening?lang=fa", l.staff, nil, &api.Screening{})
	l.do("POST", "/api/v1/applications/"+receipt.ID+"/decisions", l.staff, map[string]any{
		"decision": "eligible", "group_type": "support", "reason": l.c["decision"],
	}, &api.Decision{}, "If-Match", head.Header.Get("ETag"))
	l.join(receipt.ID)
}

func (l *life) join(application string) {
	var group api.Group
	l.do("POST", "/api/v1/groups", l.staff, map[string]any{
		"group_type": "support", "language": "en", "title": l.c["title"],
	}, &group)
	var room api.Room
	l.do("POST", "/api/v1/rooms", l.staff, map[string]any{"name": l.c["room"], "capacity": 9}, &room)
	start := time.Now().AddDate(0, 0, 30).Format(time.DateOnly) + "T18:00"
	l.do("POST", "/api/v1/groups/"+group.ID+"/series", l.staff, map[string]any{
		"start_local": start, "time_zone": "Europe/Riga", "duration_minutes": 90, "count": 3, "room_id": room.ID,
	}, &api.Series{})
	var offer api.Offer
	l.do("POST", "/api/v1/applications/"+application+"/offers", l.staff, map[string]any{
		"group_id": group.ID, "expires_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339),
	}, &offer)
	var invitations api.InvitationList
	l.do("GET", "/api/v1/me/offers", l.receipt, nil, &invitations)
	var consents []map[string]any
	for _, e := range invitations.Items[0].Consents {
		consents = append(consents, map[string]any{"element": e.Element, "version": e.Version, "language": "en"})
	}
	l.do("POST", "/api/v1/me/offers/"+offer.ID+"/accept", l.receipt, map[string]any{"consents": consents}, &api.Membership{})
	var feed api.FeedWithAddress
	l.do("POST", "/api/v1/me/feeds", l.receipt, map[string]any{"summary": l.c["summary"], "detail": "full"}, &feed,
		"Idempotency-Key", "feed-"+account.NewID())
	address, err := url.Parse(feed.URL)
	if err != nil {
		l.t.Fatal(err)
	}
	l.feed = strings.Split(address.Path, "/")[2]
	if got := l.do("GET", address.Path, "", nil, nil); got.StatusCode != http.StatusOK {
		l.t.Fatalf("the feed answers %d", got.StatusCode)
	}
	l.do("GET", "/api/v1/groups/"+group.ID+"/members", l.staff, nil, &api.MemberList{})
}

// mistakes sends words where none belong. None of them may be kept or logged.
func (l *life) mistakes(application string) {
	l.do("POST", "/api/v1/applications", "", []byte(`{"answers": "`+l.c["broken"]), nil)
	l.do("POST", "/api/v1/applications", "", []byte(`{"`+l.c["broken"]+`": 1}`), nil)
	l.do("GET", "/api/v1/applications?sort="+l.c["query"], l.staff, nil, nil)
	l.do("GET", "/api/v1/applications?"+l.c["query"]+"=1", l.staff, nil, nil)
	l.do("GET", "/"+l.c["path"], "", nil, nil)
	l.do("GET", "/api/v1/applications/"+l.c["path"], l.staff, nil, nil)
	l.do("GET", "/calendar/"+l.c["path"]+"/calendar.ics", "", nil, nil)
	l.do("GET", "/api/v1/me", l.c["header"], nil, nil)
	l.do("GET", "/healthz", "", nil, nil, "User-Agent", l.c["header"], "X-Forwarded-For", l.c["header"],
		"X-Request-Id", l.c["header"], "Accept-Language", l.c["header"])
	l.do("POST", "/api/v1/applications/"+application+"/decisions", l.staff, map[string]any{"decision": l.c["decision"]},
		nil, "If-Match", l.c["header"])
	l.do("POST", "/api/v1/applications/"+application+"/decisions", l.staff, map[string]any{
		"decision": "in_review", "group_type": l.c["decision"],
	}, nil, "If-Match", `"1"`)
	l.do("POST", "/api/v1/applications/"+application+"/decisions", l.staff, map[string]any{
		"decision": "in_review", "alternative": l.c["decision"],
	}, nil, "If-Match", `"1"`)
}

func (l *life) form() map[string]any {
	return map[string]any{
		"form": "intake", "form_version": 1, "language": "en",
		"answers": []map[string]any{
			{"link_id": "reason", "text": "a " + l.c["reason"] + " and " + l.c["persian"]},
			{"link_id": "hopes-own-words", "text": l.c["hopes"]},
			{"link_id": "age-band", "choices": []string{"adult"}},
			{"link_id": "contact", "contact": map[string]any{
				"name": "Ms " + l.c["name"], "email": l.c["email"] + "@example.org", "phone": l.c["phone"], "reach": "email",
				"discreet": true, "note": l.c["note"],
			}},
		},
	}
}

// needles are a secret in every form that it could stand in somewhere.
func needles(secret string) [][]byte {
	all := [][]byte{[]byte(secret), []byte(strings.ToLower(secret)), []byte(strings.ToUpper(secret)),
		[]byte(url.QueryEscape(secret)), []byte(hex.EncodeToString([]byte(secret))), []byte(escaped(secret)), wide(secret)}
	for shift := range 3 {
		padded := append(make([]byte, shift), secret...)
		whole := len(padded) - len(padded)%3
		for _, coding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			text := coding.EncodeToString(padded[:whole])
			all = append(all, []byte(text[(shift*4+2)/3:])) // what depends on the secret alone
		}
	}
	if code, ok := account.ParseReceipt(secret); ok {
		all = append(all, []byte(code), []byte(strings.ToLower(code)))
	}
	return all
}

// escaped is the text as JSON may write it.
func escaped(text string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, `\u%04x`, u)
	}
	return b.String()
}

func wide(text string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

// scan looks for every secret in every file below the folders and in the texts, and says where it found which.
func scan(t *testing.T, secrets canaries, folders []string, texts map[string]string) (found []string) {
	t.Helper()
	look := func(where string, hay []byte) {
		for what, secret := range secrets {
			for _, needle := range needles(secret) {
				if bytes.Contains(hay, needle) {
					found = append(found, what+" in "+where)
					break
				}
			}
		}
	}
	files := 0
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			files++
			look(filepath.Base(path), raw)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for where, text := range texts {
		look(where, []byte(text))
	}
	if files == 0 {
		t.Fatal("there was no file to look into")
	}
	return found
}

// lived runs the process through a life with canaries in it, and gives them with the secrets that were given out.
func (p *process) lived() (c canaries, metrics string) {
	p.t.Helper()
	p.start("--log-level", "debug", "--metrics-listen", "127.0.0.1:0")
	c = newCanaries()
	email := c["staff"] + "@example.org"
	p.run("person", "add", email, "--role", "coordinator", "--name", c["staff"])
	token := p.run("token", "add", email, "--name", c["token"])
	l := &life{t: p.t, url: p.url, staff: token, c: c}
	l.live()
	c["receipt"], c["feed"], c["api token"] = l.receipt, l.feed, token
	_, metrics, err := ask(p.t, p.private()+"/metrics")
	if err != nil || !strings.Contains(metrics, "/calendar/:token/calendar.ics") {
		p.t.Fatalf("the metrics are not there to be looked into: %v", err)
	}
	return c, metrics
}

func TestNothingThatPeopleWriteAndNoSecretIsFoundOutsideItsSeal(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	c, metrics := p.lived()
	folders := []string{filepath.Join(p.folder, "data")}
	texts := map[string]string{"output": p.out.text(), "log": p.log.text(), "metrics": metrics}
	for _, f := range scan(t, c, folders, texts) {
		t.Errorf("while it runs: %s", f)
	}
	p.stop()
	for _, f := range scan(t, c, []string{p.folder}, map[string]string{"output": p.out.text(), "log": p.log.text()}) {
		t.Errorf("after it stopped: %s", f)
	}
	if !strings.Contains(p.log.text(), "/api/v1/applications/:id") {
		t.Error("the log was not there to be looked into")
	}
}

func TestNothingThatPeopleWriteAndNoSecretIsFoundInPostgreSQL(t *testing.T) {
	t.Parallel()
	folder, err := os.MkdirTemp("", "grupa-canary-") // where PostgreSQL's own user gets in
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	server := ownPostgres(t, pgrun.Options{Dir: filepath.Join(folder, "cluster")})
	p := onPostgres(t, server.URL("grupa"), "keys/grupa.key", 1)[0]
	c, metrics := p.lived()
	p.stop()
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{"output": p.out.text(), "log": p.log.text(), "metrics": metrics}
	for _, f := range scan(t, c, []string{folder, p.folder}, texts) {
		t.Error(f)
	}
	// What is kept in clear is found: the scan does look where PostgreSQL keeps things.
	if found := scan(t, canaries{"slug": "hopes-own-words", "state": "enrolled"}, []string{folder}, nil); len(found) < 2 {
		t.Errorf("of what is in clear only %q is found", found)
	}
}

// clear seals nothing: the control, which shows that the scan would find what is not sealed.
type clear struct{}

func (clear) NewKey(string) (seal.Key, []byte, error) { return clear{}, []byte("clear"), nil }
func (clear) Unwrap(string, []byte) (seal.Key, error) { return clear{}, nil }
func (clear) Index(kind, word string) []byte          { return []byte(kind + word) }
func (clear) FeedKey(feed string) []byte              { return []byte(feed) }
func (clear) ChainKey() []byte                        { return []byte("clear") }
func (clear) Seal(_ seal.Place, plain []byte) []byte  { return append([]byte("clear "), plain...) }
func (clear) Open(_ seal.Place, b []byte) ([]byte, error) {
	return bytes.TrimPrefix(b, []byte("clear ")), nil
}

func TestTheScanFindsWhatIsNotSealed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	p := &program{out: io.Discard, err: io.Discard}
	p.Config, _, _, _ = readConfig("serve", nil, func(string) (string, bool) { return "", false })
	p.Data, p.Listen = filepath.Join(folder, "data"), "127.0.0.1:0"
	if err := p.folder(); err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(t.Context(), p.database()); err != nil {
		t.Fatal(err)
	}
	db, err := p.openWith(t.Context(), clear{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	c := newCanaries()
	ctx, stop := context.WithCancel(t.Context())
	hello := func(ctx context.Context, db *store.DB, address string) error {
		go func() {
			defer stop()
			l := &life{t: t, url: address, c: c}
			l.staff = coordinatorIn(t, db, c)
			l.live()
		}()
		return nil
	}
	if err := p.listen(ctx, db, hello); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	found := strings.Join(scan(t, c, []string{folder}, nil), "\n")
	for _, what := range []string{
		"reason", "hopes", "name", "email", "phone", "note", "title", "room", "decision", "summary", "staff", "token", "persian",
	} {
		if !strings.Contains(found, what+" in ") {
			t.Errorf("with sealing off the scan does not find the %s", what)
		}
	}
}

func coordinatorIn(t *testing.T, db *store.DB, c canaries) (token string) {
	err := db.Update(t.Context(), account.Machine(), func(tx *store.Tx) (err error) {
		email := c["staff"] + "@example.org"
		if _, err := account.AddStaff(tx, email, c["staff"], account.Coordinator); err != nil {
			return err
		}
		token, err = account.AddToken(tx, email, c["token"])
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return token
}
