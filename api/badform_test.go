package api_test

import (
	"strings"
	"testing"

	"grupa/api"
)

// badForms are forms with one thing changed.
func badForms() []bad {
	form := func(name, old, put string, field string) bad {
		return bad{
			name: "form " + name, call: "POST /api/v1/applications", body: strings.Replace(aForm, old, put, 1),
			status: 422, field: field,
		}
	}
	text := `"To talk."`
	ada := `"Ada"`
	slot := `"availability":[]`
	return []bad{
		form("without a form", `"form":"intake",`, "", "form"),
		form("without a version", `"form_version":1,`, "", "form_version"),
		form("without a language", `"language":"en",`, "", "language"),
		form("without answers", `"answers":[`, `"answers":[],"a":[`, "a"),
		form("of no answers", aForm, `{"form":"intake","form_version":1,"language":"en","answers":[]}`, "answers"),
		form("unknown", "intake", "outtake", "form_version"),
		form("version that is none", `"form_version":1`, `"form_version":2`, "form_version"),
		form("version below 1", `"form_version":1`, `"form_version":-1`, "form_version"),
		form("version as a text", `"form_version":1`, `"form_version":"1"`, "form_version"),
		form("version with a fraction", `"form_version":1`, `"form_version":1.5`, "form_version"),
		form("version of 1e400", `"form_version":1`, `"form_version":1e400`, "form_version"),
		form("version of 30 digits", `"form_version":1`, `"form_version":123456789012345678901234567890`, "form_version"),
		form("version that is null", `"form_version":1`, `"form_version":null`, "form_version"),
		form("language that is none", `"en"`, `"tlh"`, "language"),
		form("language in capitals", `"en"`, `"EN"`, "language"),
		form("name twice", `"form":"intake"`, `"form":"intake","form":"intake"`, "form"),
		form("name twice within", `"link_id":"reason"`, `"link_id":"reason","link_id":"since"`, "answers[0].link_id"),
		form("name in another case", `"form":`, `"Form":`, "Form"),
		form("name beside itself in another case", `"form":"intake"`, `"form":"intake","FORM":"outtake"`, "FORM"),
		form("name with a letter that folds to s", `"answers":`, `"anſwers":[],"answers":`, "anſwers"),
		form("name that nobody knows", `"form":`, `"status":"enrolled","form":`, "status"),
		form("name that nobody knows within", `"link_id":"reason"`, `"link_id":"reason","score":1`, "answers[0].score"),
		form("empty name", `"form":`, `"":1,"form":`, "body"),
		form("zone that is none", "Europe/Warsaw", "Europe/Atlantis", "time_zone"),
		form("zone of the machine", "Europe/Warsaw", "Local", "time_zone"),
		form("zone that is a path", "Europe/Warsaw", "../../etc/passwd", "time_zone"),
		form("zone that is an offset", "Europe/Warsaw", "+02:00", "time_zone"),
		form("zone of 65 characters", "Europe/Warsaw", strings.Repeat("Z", 65), "time_zone"),
		form("question that is none", `"reason"`, `"treason"`, "answers[0].link_id"),
		form("question that takes no answer", `"age-band"`, `"welcome"`, "answers[1].link_id"),
		form("answered twice", `"call-me-soon","boolean":false`, `"reason","text":"x"`, "answers[2].link_id"),
		form("required answer that is missing", `{"link_id":"reason","text":"To talk."},`, "", "answers"),
		form("two values in one answer", `"text":"To talk."`, `"text":"To talk.","boolean":true`, "answers[0]"),
		form("answer of no value", `"text":"To talk."`, `"declined":false`, "answers[0]"),
		form("answer of another kind", `"text":"To talk."`, `"boolean":true`, "answers[0]"),
		form("text that is a number", text, "7", "answers[0].text"),
		form("text that is null", text, "null", "answers[0].text"),
		form("text of 4,001 characters", text, `"`+strings.Repeat("ż", 4001)+`"`, "answers[0].text"),
		form("text with NUL", text, `"To \u0000 talk"`, "answers[0].text"),
		form("text with an escape character", text, `"To \u001b[31m talk"`, "answers[0].text"),
		form("text with a lone surrogate", text, `"To \ud800 talk"`, "answers[0].text"),
		form("text with surrogates the wrong way round", text, `"To \udc00\ud800 talk"`, "answers[0].text"),
		form("boolean that is a text", `"boolean":false`, `"boolean":"false"`, "answers[2].boolean"),
		form("boolean that is a number", `"boolean":false`, `"boolean":0`, "answers[2].boolean"),
		form("choice that is none", `"adult"`, `"wizard"`, "answers[1].choices[0]"),
		form("two choices where one is asked for", `"adult"`, `"adult","child"`, "answers[1].choices"),
		form("choices that are a text", `["adult"]`, `"adult"`, "answers[1].choices"),
		form("choices with a number", `["adult"]`, `["adult",1]`, "answers[1].choices[1]"),
		form("101 choices", `["adult"]`, `["a"`+strings.Repeat(`,"a"`, 100)+`]`, "answers[1].choices"),
		form("301 answers", `{"link_id":"call-me-soon","boolean":false}`, strings.Repeat(`{"link_id":"x"},`, 301)+
			`{"link_id":"x"}`, "answers"),
		form("weekday 8", slot, aSlot(8, "17:00", "20:00", "available"), "answers[3].availability[0].weekday"),
		form("clock of 25:00", slot, aSlot(1, "25:00", "26:00", "available"), "answers[3].availability[0].from"),
		form("clock with a minus", slot, aSlot(1, "-1:00", "20:00", "available"), "answers[3].availability[0].from"),
		form("clock off the quarter", slot, aSlot(1, "17:07", "20:00", "available"), "answers[3].availability[0].from"),
		form("clock of one digit", slot, aSlot(1, "7:00", "20:00", "available"), "answers[3].availability[0].from"),
		form("free from the end to the beginning", slot, aSlot(1, "20:00", "17:00", "available"),
			"answers[3].availability[0].to"),
		form("free in a way that is none", slot, aSlot(1, "17:00", "20:00", "maybe"), "answers[3].availability[0].kind"),
		form("673 free hours", slot, `"availability":[`+strings.Repeat(`{},`, 672)+`{}]`, "answers[3].availability"),
		form("contact without a name", `"name":"Ada",`, "", "answers[4].contact.name"),
		form("contact with a blank name", ada, `"  "`, "answers[4].contact.name"),
		form("contact with a name of 201 characters", ada, `"`+strings.Repeat("ł", 201)+`"`, "answers[4].contact.name"),
		form("contact with a name of two lines", ada, `"Ada\r\nBcc: eve@example.org"`, "answers[4].contact.name"),
		form("contact with a name of Unicode's two lines", ada, `"Ada\u2028Eve"`, "answers[4].contact.name"),
		form("contact with an address that is none", "ada@example.org", "ada at example", "answers[4].contact.email"),
		form("contact with an address of two lines", "ada@example.org", `ada@example.org\r\nBcc: eve@example.org`,
			"answers[4].contact.email"),
		form("contact with a number of two lines", `"reach"`, `"phone":"+48 1\r\n2","reach"`, "answers[4].contact.phone"),
		form("contact by pigeon", `"reach":"email"`, `"reach":"pigeon"`, "answers[4].contact.reach"),
		form("contact by a phone that is not given", `"reach":"email"`, `"reach":"phone"`, "answers[4].contact.phone"),
	}
}

func aSlot(weekday int, from, to, kind string) string {
	return `"availability":[{"weekday":` + number(weekday) + `,"from":"` + from + `","to":"` + to +
		`","kind":"` + kind + `"}]`
}

// What the cases change must be sound before, or they would be refused for another reason.
func TestTheFormThatBadOnesAreMadeOfIsTaken(t *testing.T) {
	t.Parallel()
	s := newObserved(t)
	var receipt api.Receipt
	s.call("POST", "/api/v1/applications", "", []byte(aForm)).into(201, &receipt)
	for _, b := range badForms() {
		if b.body == aForm {
			t.Errorf("%s changes nothing", b.name)
		}
	}
}
