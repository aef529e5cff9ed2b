package api

import (
	"encoding/json"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"grupa/intake"
	"grupa/intake/screen"
	"grupa/internal/words"
)

// The list is written by hand: it must read as the contract's type does, whatever stands in it.
func TestAListIsWrittenAsTheContractHasIt(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune{
		'"', '\\', '<', '>', '&', 0, 0x1f, 0x7f, 0x2028, 0xfffd, 'ł', '\u200c', '😀'})))
	rapid.Check(t, func(r *rapid.T) {
		l := listedApplications{counted: rapid.Bool().Draw(r, "counted")}
		l.page.Next = text.Draw(r, "next")
		l.page.Total = intake.Total{Count: rapid.IntRange(0, 1000).Draw(r, "count"), More: rapid.Bool().Draw(r, "more")}
		want := ApplicationList{Items: []ApplicationSummary{}, NextCursor: l.page.Next}
		if l.counted {
			want.Total = &ApplicationTotal{Count: l.page.Total.Count, More: l.page.Total.More}
		}
		for range rapid.IntRange(0, 3).Draw(r, "items") {
			a := intake.Summary{
				ID: intake.ApplicationID(text.Draw(r, "id")), Reference: text.Draw(r, "reference"),
				State: intake.State(text.Draw(r, "state")), Language: words.Lang(text.Draw(r, "language")),
				Safety:    intake.Safety(text.Draw(r, "safety")),
				Submitted: time.Unix(rapid.Int64Range(0, 1<<37).Draw(r, "submitted"), 0).UTC(),
				Updated:   time.Unix(rapid.Int64Range(0, 1<<37).Draw(r, "updated"), 0).UTC(),
			}
			verdicts := map[string]string{}
			for _, slug := range rapid.SliceOfNDistinct(text, 0, 3, rapid.ID).Draw(r, "types") {
				v := text.Draw(r, "verdict")
				a.Verdicts, verdicts[slug] = append(a.Verdicts, intake.Said{Type: slug, Verdict: screen.Verdict(v)}), v
			}
			l.page.Items = append(l.page.Items, a)
			want.Items = append(want.Items, ApplicationSummary{
				ID: string(a.ID), Reference: a.Reference, State: string(a.State), Language: string(a.Language),
				Safety: ApplicationSummarySafety(a.Safety), SubmittedAt: a.Submitted, UpdatedAt: a.Updated, Verdicts: verdicts,
			})
		}
		byHand, generated := httptest.NewRecorder(), httptest.NewRecorder()
		if err := l.VisitListApplicationsResponse(byHand); err != nil {
			r.Fatal(err)
		}
		if err := ListApplications200JSONResponse(want).VisitListApplicationsResponse(generated); err != nil {
			r.Fatal(err)
		}
		// The verdicts alone may stand in another order.
		if diff := cmp.Diff(meaning(r, generated), meaning(r, byHand)); diff != "" {
			r.Fatalf("(-generated +by hand):\n%s", diff)
		}
		if byHand.Body.Len() != generated.Body.Len() || byHand.Code != generated.Code {
			r.Fatalf("%d: %s\n%d: %s", generated.Code, generated.Body, byHand.Code, byHand.Body)
		}
	})
}

func meaning(r *rapid.T, w *httptest.ResponseRecorder) (v any) {
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		r.Fatal(err)
	}
	return []any{v, w.Header().Get("Content-Type")}
}

func TestATimeThatJSONCannotTellIsAnError(t *testing.T) {
	t.Parallel()
	l := listedApplications{}
	l.page.Items = []intake.Summary{{Submitted: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}}
	if err := l.VisitListApplicationsResponse(httptest.NewRecorder()); err == nil {
		t.Error("written")
	}
}
