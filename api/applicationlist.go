package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"grupa/intake"
)

// listedApplications is an ApplicationList on its way out. A list is what staff look at all day and most of what it
// costs is to write it, so it is written without the detour through maps and reflection, as encoding/json would write
// it.
type listedApplications struct {
	page    intake.Page
	counted bool // the total was asked for
}

// VisitListApplicationsResponse implements ListApplicationsResponseObject.
func (l listedApplications) VisitListApplicationsResponse(w http.ResponseWriter) error {
	const oneItem = 800 // about
	body, err := l.append(make([]byte, 0, 100+oneItem*len(l.page.Items)))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	_, err = w.Write(body)
	return err
}

func (l listedApplications) append(b []byte) ([]byte, error) {
	b = append(b, `{"items":[`...)
	for n, a := range l.page.Items {
		if n > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendSummary(b, a); err != nil {
			return nil, err
		}
	}
	b = append(b, ']')
	if l.page.Next != "" {
		b = appendText(append(b, `,"next_cursor":`...), l.page.Next)
	}
	if l.counted {
		b = strconv.AppendInt(append(b, `,"total":{"count":`...), int64(l.page.Total.Count), 10)
		b = append(strconv.AppendBool(append(b, `,"more":`...), l.page.Total.More), '}')
	}
	return append(b, '}', '\n'), nil
}

func appendSummary(b []byte, a intake.Summary) (_ []byte, err error) {
	b = appendText(append(b, `{"id":`...), string(a.ID))
	b = appendText(append(b, `,"language":`...), string(a.Language))
	b = appendText(append(b, `,"reference":`...), a.Reference)
	b = appendText(append(b, `,"safety":`...), string(a.Safety))
	b = appendText(append(b, `,"state":`...), string(a.State))
	if b, err = appendTime(append(b, `,"submitted_at":`...), a.Submitted); err != nil {
		return nil, err
	}
	if b, err = appendTime(append(b, `,"updated_at":`...), a.Updated); err != nil {
		return nil, err
	}
	b = append(b, `,"verdicts":{`...)
	for n, said := range a.Verdicts {
		if n > 0 {
			b = append(b, ',')
		}
		b = appendText(append(appendText(b, said.Type), ':'), string(said.Verdict))
	}
	return append(b, '}', '}'), nil
}

// appendText adds a string of JSON. Nearly all of them are plain.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(text) // a string always can be
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}

func appendTime(b []byte, t time.Time) ([]byte, error) {
	if y := t.Year(); y < 0 || y > 9999 {
		_, err := t.MarshalJSON()
		return nil, err
	}
	return append(t.AppendFormat(append(b, '"'), time.RFC3339Nano), '"'), nil
}
