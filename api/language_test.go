package api_test

import (
	"strings"
	"testing"
	"unicode"

	"grupa/api"
	"grupa/internal/words"
)

func TestTheLanguageOfAnAnswer(t *testing.T) {
	t.Parallel()
	s := newObserved(t)
	polish := configOf(t, s.Store)
	polish.Language = words.Polish
	elsewhere := observe(t, served(t, s.service, polish, nil))
	latvian := receiptIn(s, "lv")
	public, own := "/api/v1/forms/intake", "/api/v1/me"
	for _, c := range []struct {
		name, path, token, accept string
		at                        *observed
		want                      string
	}{
		{"asked for before all others", public + "?lang=fa", "", "pl", s, "fa"},
		{"the client's", public, "", "fa-IR,fa;q=0.9,en;q=0.8", s, "fa"},
		{"the client's second choice", public, "", "de, lv;q=0.5", s, "lv"},
		{"the programme's where the client's is none of ours", public, "", "de", elsewhere, "pl"},
		{"the programme's where the client says nothing", public, "", "", elsewhere, "pl"},
		{"the programme's where the client says nonsense", public, "", ";;q=x,,", elsewhere, "pl"},
		{"another programme's", public, "", "", s, "en"},
		{"asked for before the saved one", own + "?lang=fa", latvian, "pl", s, "fa"},
		{"saved before the client's", own, latvian, "pl", s, "lv"},
		{"saved before the programme's", own, latvian, "", elsewhere, "lv"},
	} {
		a := c.at.call("GET", c.path, c.token, nil, "Accept-Language", c.accept)
		var got struct {
			Language  string
			Screening struct{ Language string }
		}
		a.into(200, &got)
		if c.token != "" {
			got.Language = got.Screening.Language // of the answer; the other is the person's
		}
		if got.Language != c.want {
			t.Errorf("%s: %s instead of %s", c.name, got.Language, c.want)
		}
	}
}

func receiptIn(s *observed, lang string) string {
	s.t.Helper()
	form := filled("Person")
	form["language"] = lang
	var receipt api.Receipt
	s.call("POST", "/api/v1/applications", "", form).into(201, &receipt)
	return receipt.ReceiptCode
}

func TestProblemsComeInEachLanguage(t *testing.T) {
	t.Parallel()
	s := newObserved(t)
	seen := map[string]string{}
	for _, lang := range words.Languages() {
		asked := s.call("POST", "/api/v1/applications?lang="+string(lang), "", []byte(`{"form":"intake"}`))
		accepted := s.call("POST", "/api/v1/applications", "", []byte(`{"form":"intake"}`), "Accept-Language", string(lang))
		for _, a := range []answer{asked, accepted} {
			p := a.problem(422)
			checkWords(t, p)
			if got := a.header.Get("Content-Language"); got != string(lang) {
				t.Errorf("Content-Language is %q instead of %s", got, lang)
			}
			for name, text := range map[string]string{"title": p.Title, "detail": p.Detail, "field": p.Fields[0].Detail} {
				if other, twice := seen[name+text]; twice && other != string(lang) {
					t.Errorf("the %s is the same in %s and %s: %s", name, other, lang, text)
				}
				seen[name+text] = string(lang)
				checkScript(t, lang, text)
			}
		}
	}
}

// Where a server fails, and also where the database is gone, people are told whom to call, in their language.
func TestAMembersProblemsComeInTheLanguageOfTheirForm(t *testing.T) {
	t.Parallel()
	s := newObserved(t)
	latvian := receiptIn(s, "lv")
	a := s.call("POST", "/api/v1/me/offers/AAAAAAAAAAAAAAAAAAAAAAAAAA/decline", latvian, nil, "Accept-Language", "pl")
	if got := a.header.Get("Content-Language"); a.status != 404 || got != "lv" {
		t.Errorf("%d in %q: %s", a.status, got, a.body)
	}
}

func TestAFailingServerStillTellsWhomToCall(t *testing.T) {
	t.Parallel()
	s := newObserved(t)
	cfg := configOf(t, s.Store)
	gone := observe(t, served(t, s.service, cfg, nil))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	p := gone.call("POST", "/api/v1/applications?lang=fa", "", []byte(aForm)).problem(503)
	if p.Help.Language != "fa" || len(p.Help.Contacts) == 0 || p.Help.Emergency.Phone == "" {
		t.Errorf("no help in %+v", p)
	}
	checkScript(t, words.Persian, p.Detail)
	var help api.Help
	gone.call("GET", "/api/v1/help?lang=pl", "", nil).into(200, &help)
	if help.Language != "pl" || len(help.Contacts) == 0 {
		t.Errorf("no help: %+v", help)
	}
}

func TestAPersianFormIsExplainedInPersianAndReadInEnglish(t *testing.T) {
	t.Parallel()
	s := newObserved(t)
	form := filled("آدا")
	form["language"] = "fa"
	var receipt api.Receipt
	s.call("POST", "/api/v1/applications", "", form, "Accept-Language", "en").into(201, &receipt)
	checkExplained(t, words.Persian, receipt.Screening)
	var me api.Me
	s.call("GET", "/api/v1/me", receipt.ReceiptCode, nil, "Accept-Language", "en").into(200, &me)
	checkExplained(t, words.Persian, me.Screening)
	checkScript(t, words.Persian, me.StateText)
	var screening api.Screening
	s.call("GET", "/api/v1/applications/"+receipt.ID+"/screening", s.token, nil).into(200, &screening)
	checkExplained(t, words.English, screening)
	var opened api.Application
	s.call("GET", "/api/v1/applications/"+receipt.ID, s.token, nil).into(200, &opened)
	if opened.Contact.Name != "آدا" || opened.Language != "fa" {
		t.Errorf("the application says %+v", opened.Contact)
	}
	for _, a := range opened.Answers {
		checkScript(t, words.English, a.Question)
	}
}

// checkExplained wants every sentence of a screening to be in the language, and reasons to be there at all.
func checkExplained(t *testing.T, lang words.Lang, s api.Screening) {
	t.Helper()
	reasons := 0
	for _, kind := range s.Types {
		checkScript(t, lang, kind.Name)
		checkScript(t, lang, kind.VerdictText)
		for _, r := range kind.Reasons {
			reasons++
			checkScript(t, lang, r.Text)
			for _, q := range r.Quotes {
				checkScript(t, lang, q.Question)
			}
		}
		for _, q := range kind.OpenQuestions {
			checkScript(t, lang, q.Text)
		}
	}
	if s.Language != string(lang) || reasons == 0 || len(s.Types) != 12 {
		t.Errorf("in %q: %d reasons for %d types", s.Language, reasons, len(s.Types))
	}
}

// checkScript tells Persian from the others by its letters.
func checkScript(t *testing.T, lang words.Lang, text string) {
	t.Helper()
	arabic := strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Arabic, r) })
	if strings.TrimSpace(text) == "" || arabic != (lang == words.Persian) {
		t.Errorf("this is not in %s: %q", lang, text)
	}
}
