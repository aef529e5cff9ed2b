package main

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"grupa/api"
)

// walked is what the script of the README left behind.
type walked struct {
	t      *testing.T
	folder string
}

func (w walked) json(name string, into any) {
	w.t.Helper()
	raw, err := os.ReadFile(filepath.Join(w.folder, name))
	if err != nil {
		w.t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		w.t.Fatalf("%s: %v: %s", name, err, raw)
	}
}

func walk(t *testing.T) (*process, walked) {
	t.Helper()
	p := newProcess(t)
	return p, p.walk()
}

// walk starts the server and walks the walk on it.
func (p *process) walk() walked {
	t := p.t
	t.Helper()
	for _, tool := range []string{"sh", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			skip(t, tool+" is missing")
		}
	}
	p.start("--time-zone", "Europe/Warsaw")
	_, token := p.staff("coordinator@example.org", "coordinator")
	p.staff("leader@example.org", "facilitator")
	w := walked{t, t.TempDir()}
	cmd := exec.CommandContext(t.Context(), "sh", filepath.Join("testdata", "walk.sh"))
	cmd.Env = append(cleanEnv(), "BASE="+p.url, "TOKEN="+token, "OUT="+w.folder)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return w
}

// skip skips where a tool is missing, and fails in CI, where nothing may be.
func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}

func TestOnePersonGetsFromAFormToASessionInTheirCalendar(t *testing.T) {
	t.Parallel()
	p, w := walk(t)
	t.Run("the applicant reads reasons in Persian", func(t *testing.T) {
		var receipt api.Receipt
		w.json("01-receipt.json", &receipt)
		checkReasons(t, receipt.Screening, "fa", isPersian)
	})
	t.Run("the coordinator reads them in English", func(t *testing.T) {
		var screening api.Screening
		w.json("05-screening.json", &screening)
		checkReasons(t, screening, "en", func(text string) bool { return !isPersian(text) })
	})
	var series api.Series
	w.json("10-series.json", &series)
	t.Run("ten sessions keep the wall clock over the change of clocks", func(t *testing.T) { checkWallClock(t, series) })
	want := expected(t)
	t.Run("the API tells these sessions", func(t *testing.T) { compare(t, want, told(t, w)) })
	t.Run("go-ical reads exactly these sessions", func(t *testing.T) { compare(t, want, readWithGoICal(t, w)) })
	t.Run("ical.js reads exactly these sessions", func(t *testing.T) { compare(t, want, readWithICALJS(t, w)) })
	p.stop()
	if strings.Contains(p.log.text(), `"level":"ERROR"`) {
		t.Errorf("errors were logged: %s", p.log.text())
	}
}

func isPersian(text string) bool {
	return strings.ContainsAny(text, "ابپتجچخدرزژسشصضطعغفقکگلمنوهی")
}

// checkReasons wants a verdict for every type and reasons in that language. Quoted free text stays as it was written.
func checkReasons(t *testing.T, s api.Screening, lang string, in func(string) bool) {
	if s.Language != lang || len(s.Types) != 12 {
		t.Fatalf("screening in %q of %d types", s.Language, len(s.Types))
	}
	suits, reasons := 0, 0
	for _, ts := range s.Types {
		if ts.Verdict == api.TypeScreeningVerdictSuits {
			suits++
		}
		for _, r := range ts.Reasons {
			reasons++
			if !in(r.Text) {
				t.Errorf("%s %s: %q is not in %s", ts.GroupType, r.Criterion, r.Text, lang)
			}
		}
	}
	if suits == 0 || reasons == 0 {
		t.Errorf("%d types suit, for %d reasons", suits, reasons)
	}
}

func checkWallClock(t *testing.T, series api.Series) {
	if len(series.Sessions) != 10 {
		t.Fatalf("%d sessions", len(series.Sessions))
	}
	offsets := map[string]int{}
	for _, s := range series.Sessions {
		if !strings.HasSuffix(s.StartLocal, "T18:00") || !strings.Contains(s.StartsAt, "T18:00:00") {
			t.Errorf("session %d starts at %s, %s", s.Number, s.StartLocal, s.StartsAt)
		}
		offsets[s.StartsAt[len(s.StartsAt)-6:]]++
	}
	if len(offsets) != 2 || offsets["+02:00"] == 0 || offsets["+01:00"] == 0 {
		t.Errorf("offsets %v instead of summer and winter time", offsets)
	}
}

// entry is one session as a calendar program sees it.
type entry struct {
	Start, End       time.Time
	Cancelled, Moved bool
	Summary          string
}

// expected is what the script planned, worked out here by hand: ten weeks from 5 October of next year, at 18:00 on the
// clocks of Warsaw, the third moved to 20 October 19:00 and the fifth cancelled.
func expected(t *testing.T) []entry {
	t.Helper()
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	year := time.Now().Year() + 1
	var want []entry
	for n := range 10 {
		start := time.Date(year, time.October, 5+7*n, 18, 0, 0, 0, warsaw)
		e := entry{Summary: "قرار"}
		switch n {
		case 2:
			start, e.Moved = time.Date(year, time.October, 20, 19, 0, 0, 0, warsaw), true
		case 4:
			e.Cancelled, e.Summary = true, "لغو"
		}
		e.Start, e.End = start.UTC(), start.Add(90*time.Minute).UTC()
		want = append(want, e)
	}
	return want
}

// told is what the member's list says.
func told(t *testing.T, w walked) []entry {
	t.Helper()
	var list api.MySessionList
	w.json("19-my-sessions.json", &list)
	var got []entry
	for _, s := range list.Items {
		start, err1 := time.Parse(time.RFC3339, s.StartsAt)
		end, err2 := time.Parse(time.RFC3339, s.EndsAt)
		if err1 != nil || err2 != nil {
			t.Fatalf("%s to %s", s.StartsAt, s.EndsAt)
		}
		e := entry{Start: start.UTC(), End: end.UTC(), Cancelled: s.State == "cancelled", Summary: "قرار"}
		e.Moved = s.State != "planned"
		if e.Cancelled {
			e.Summary = "لغو"
		}
		got = append(got, e)
	}
	return got
}

func compare(t *testing.T, want, got []entry) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d events instead of %d", len(got), len(want))
	}
	for n, w := range want {
		g := got[n]
		if !g.Start.Equal(w.Start) || !g.End.Equal(w.End) || g.Cancelled != w.Cancelled ||
			!strings.Contains(g.Summary, w.Summary) {
			t.Errorf("event %d is %+v instead of %+v", n, g, w)
		}
		if changed := w.Cancelled || w.Moved; g.Moved != changed {
			t.Errorf("event %d: sequence above 0 is %v", n, g.Moved)
		}
	}
}

func readWithGoICal(t *testing.T, w walked) []entry {
	t.Helper()
	f, err := os.Open(filepath.Join(w.folder, "18-calendar.ics"))
	if err != nil {
		t.Fatal(err)
	}
	calendar, err := ical.NewDecoder(f).Decode()
	if err != nil {
		t.Fatal(err)
	}
	_ = f.Close() // read to its end
	var got []entry
	for _, e := range calendar.Events() {
		start, err1 := e.DateTimeStart(nil)
		end, err2 := e.DateTimeEnd(nil)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		got = append(got, entry{
			start.UTC(), end.UTC(), e.Props.Get("STATUS").Value == "CANCELLED", e.Props.Get("SEQUENCE").Value != "0",
			e.Props.Get("SUMMARY").Value,
		})
	}
	return got
}

func readWithICALJS(t *testing.T, w walked) []entry {
	t.Helper()
	modules := os.Getenv("GRUPA_TEST_NODE_MODULES")
	if modules == "" {
		skip(t, "GRUPA_TEST_NODE_MODULES does not say where npm put ical.js")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		skip(t, "node is missing")
	}
	out, err := exec.CommandContext(t.Context(), node, filepath.Join("testdata", "readfeed.mjs"), modules,
		filepath.Join(w.folder, "18-calendar.ics")).Output()
	if err != nil {
		t.Fatal(err)
	}
	var events []struct {
		Start, End      time.Time
		Summary, Status string
		Sequence        int
		Recurs          bool
	}
	if err := json.Unmarshal(out, &events); err != nil {
		t.Fatal(err)
	}
	var got []entry
	for _, e := range events {
		if e.Recurs {
			t.Error("a feed is flat: no RRULE")
		}
		got = append(got, entry{e.Start, e.End, e.Status == "CANCELLED", e.Sequence > 0, e.Summary})
	}
	return got
}

func TestTheServerStopsCleanlyAndComesBackWithItsData(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start()
	_, token := p.staff("coordinator@example.org", "coordinator")
	p.stop()
	p.start()
	r, err := http.NewRequestWithContext(t.Context(), "GET", p.url+"/api/v1/applications", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close() // only the status counts
	if resp.StatusCode != http.StatusOK {
		t.Errorf("a token of before the restart gets %d", resp.StatusCode)
	}
	p.run("person", "disable", "coordinator@example.org")
	if again, err := http.DefaultClient.Do(r); err != nil || again.StatusCode != http.StatusUnauthorized {
		t.Errorf("a disabled login still gets in: %v, %v", again, err)
	}
	p.stop()
	if out := p.run("check"); !strings.Contains(out, "all well") {
		t.Errorf("check says %q", out)
	}
}
