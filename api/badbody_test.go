package api_test

import (
	"bytes"
	"compress/gzip"
	"strings"
)

// aForm is the shortest form that is taken.
const aForm = `{"form":"intake","form_version":1,"language":"en","time_zone":"Europe/Warsaw","answers":[` +
	`{"link_id":"reason","text":"To talk."},{"link_id":"age-band","choices":["adult"]},` +
	`{"link_id":"call-me-soon","boolean":false},{"link_id":"availability","availability":[]},` +
	`{"link_id":"contact","contact":{"name":"Ada","email":"ada@example.org","reach":"email"}}]}`

// badBodies can't be read as a request, whatever it is about.
func badBodies() []bad {
	body := func(name, text string, status int, field string) bad {
		return bad{name: "body " + name, call: "POST /api/v1/applications", body: text, status: status, field: field}
	}
	deep := strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000)
	return []bad{
		body("empty", "", 400, "body"),
		body("only white space", " \n\t ", 400, "body"),
		body("null", "null", 422, "body"),
		body("array", "[]", 422, "body"),
		body("number", "7", 422, "body"),
		body("text", `"intake"`, 422, "body"),
		body("not JSON", "form=intake", 400, "body"),
		body("cut off", aForm[:len(aForm)-1], 400, "body"),
		body("cut off in a text", aForm[:30], 400, "body"),
		body("trailing bracket", aForm+"}", 400, "body"),
		body("trailing document", aForm+"{}", 400, "body"),
		body("trailing text", aForm+" thanks", 400, "body"),
		body("comma too many", strings.Replace(aForm, `"en",`, `"en",,`, 1), 400, "body"),
		body("single quotes", "{'form':'intake'}", 400, "body"),
		body("comment", aForm+"// all of it", 400, "body"),
		body("byte order mark", "\ufeff"+aForm, 400, "body"),
		body("NaN", strings.Replace(aForm, ":1,", ":NaN,", 1), 400, "body"),
		body("10,000-deep arrays", strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000), 400, "body"),
		body("10,000-deep objects", deep, 400, "body"),
		body("10,000 open brackets", strings.Repeat("[", 10_000), 400, "body"),
		body("17-deep", strings.Repeat(`{"a":`, 17)+"1"+strings.Repeat("}", 17), 400, "body"),
		body("bytes that are no UTF-8", strings.Replace(aForm, "To talk", "To \xff talk", 1), 400, "body"),
		body("overlong UTF-8", strings.Replace(aForm, "To talk", "To \xc0\xaf talk", 1), 400, "body"),
		body("surrogate in UTF-8", strings.Replace(aForm, "To talk", "To \xed\xa0\x80 talk", 1), 400, "body"),
		body("raw control character", strings.Replace(aForm, "To talk", "To \x00 talk", 1), 400, "body"),
		body("20,000 nulls", "["+strings.Repeat("null,", 12_000)+"null]", 422, "[0]"),
		body("10,000 names in capitals", "{"+strings.Repeat(`"A":1,`, 9_999)+`"A":1}`, 422, "A"),
		body("name of 10,000 characters", `{"`+strings.Repeat("x", 10_000)+`":1}`, 422, strings.Repeat("x", 200)+"…"),
		body("long name over 7,000 nulls", `{"`+strings.Repeat("x", 30_000)+`":[`+strings.Repeat("null,", 6_999)+"null]}",
			422, strings.Repeat("x", 200)+"…"),
		{name: "body 100 KB", call: "POST /api/v1/applications", body: tooLarge(100 << 10), status: 413},
		{name: "body one octet too large", call: "POST /api/v1/applications", body: tooLarge(64<<10 + 1), status: 413},
		{name: "body 100 KB of a call without one", call: "POST /api/v1/me/withdraw", as: "owner",
			body: tooLarge(100 << 10), status: 413},
		{name: "body gzip", call: "POST /api/v1/applications", body: packed(aForm), status: 415,
			headers: []string{"Content-Encoding", "gzip"}},
		{name: "body of an encoding nobody knows", call: "POST /api/v1/applications", body: aForm, status: 415,
			headers: []string{"Content-Encoding", "x-own"}},
		{name: "body as text", call: "POST /api/v1/applications", body: aForm, status: 415,
			headers: []string{"Content-Type", "text/plain"}},
		{name: "body as a form", call: "POST /api/v1/applications", body: "form=intake", status: 415,
			headers: []string{"Content-Type", "application/x-www-form-urlencoded"}},
		{name: "body without a type", call: "POST /api/v1/applications", body: aForm, status: 415,
			headers: []string{"Content-Type", ""}},
		{name: "body of a broken type", call: "POST /api/v1/applications", body: aForm, status: 415,
			headers: []string{"Content-Type", "application/json; charset"}},
		{name: "body of almost the right type", call: "POST /api/v1/applications", body: aForm, status: 415,
			headers: []string{"Content-Type", "application/jsonp"}},
		{name: "no body at all", call: "POST /api/v1/applications", status: 415},
	}
}

// tooLarge is a form that would be taken, were it not for its length.
func tooLarge(size int) string { return aForm + strings.Repeat(" ", size-len(aForm)) }

func packed(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text)) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
