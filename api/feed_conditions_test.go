package api_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"grupa/api"
)

// The quick answers are the ones that the standard library would give, for whatever conditions a client thinks of.
func TestFeedConditionsAreAnsweredAsTheStandardLibraryDoes(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte("BEGIN:VCALENDAR\r\n"), 300)
	modified := time.Date(2026, time.October, 1, 9, 0, 0, 0, time.UTC)
	for _, packed := range []bool{false, true} {
		feed := api.FeedHandler(body, modified, packed)
		whole := answerOf(feed, httptest.NewRequest("GET", "/", nil))
		tag, sent := whole.Header.Get("ETag"), whole.body
		if whole.StatusCode != 200 || len(tag) < 10 || packed != (len(sent) < len(body)) {
			t.Fatalf("%d, tag %s, %d octets", whole.StatusCode, tag, len(sent))
		}
		reference := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for name, values := range whole.Header {
				if name != "Content-Length" && name != "Last-Modified" {
					w.Header()[name] = values // the library sets those
				}
			}
			r.Header.Del("Range")
			http.ServeContent(w, r, "", modified, bytes.NewReader(sent))
		})
		rapid.Check(t, func(t *rapid.T) {
			r := someConditions(t, tag, modified)
			got, want := answerOf(feed, r), answerOf(reference, r)
			if got.StatusCode != want.StatusCode || !bytes.Equal(got.body, want.body) {
				t.Fatalf("%s %v: %d with %d octets, want %d with %d", r.Method, r.Header, got.StatusCode, len(got.body),
					want.StatusCode, len(want.body))
			}
			if want.StatusCode == http.StatusOK {
				want.Header["Content-Length"] = whole.Header["Content-Length"] // it leaves out that of what is packed
			}
			want.Header.Del("Accept-Ranges") // there are no parts
			if diff := cmp.Diff(want.Header, got.Header); diff != "" {
				t.Fatalf("%s %v: headers (-want +got):\n%s", r.Method, r.Header, diff)
			}
		})
	}
}

// someConditions draws what decides an answer, now and then more than makes sense.
func someConditions(t *rapid.T, tag string, modified time.Time) *http.Request {
	r := httptest.NewRequest(rapid.SampledFrom([]string{"GET", "HEAD"}).Draw(t, "method"), "/", nil)
	tags := []string{
		tag, "W/" + tag, `"other"`, "*", "", tag + `, "other"`, `"other", ` + tag, "other", tag[:len(tag)-1],
	}
	var times []string
	for _, d := range []time.Duration{-time.Hour, 0, time.Hour} {
		times = append(times, modified.Add(d).Format(http.TimeFormat))
	}
	times = append(times, "", "yesterday")
	for name, values := range map[string][]string{
		"If-None-Match": tags, "If-Match": tags, "If-Modified-Since": times, "If-Unmodified-Since": times,
		"Range": {"bytes=0-9", "bytes=5-1", "lines=1"}, "If-Range": append(tags, times...),
	} {
		for range rapid.SampledFrom([]int{0, 0, 1, 1, 2}).Draw(t, "how many of "+name) {
			r.Header.Add(name, rapid.SampledFrom(values).Draw(t, name))
		}
	}
	return r
}

type reply struct {
	*http.Response
	body []byte
}

func answerOf(h http.Handler, r *http.Request) reply {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r.Clone(r.Context()))
	resp := w.Result()
	body, _ := io.ReadAll(resp.Body) // a recorder's body can't fail
	if resp.StatusCode == http.StatusNotModified {
		for _, name := range []string{"Content-Disposition", "X-Robots-Tag", "Referrer-Policy"} {
			resp.Header.Del(name) // said with the file, which is not sent again
		}
	}
	return reply{resp, body}
}

func TestOnePackerPacksManyFeedsAtOnce(t *testing.T) {
	t.Parallel()
	cache := api.NewFeedCache(1 << 20)
	done := make(chan []byte)
	for n := range 8 {
		go func() {
			body := bytes.Repeat([]byte{byte('a' + n)}, 3000+n)
			cache.Keep(1, string(body[:1]), body, true)
			done <- body
		}()
	}
	for range 8 {
		body := <-done
		z, err := gzip.NewReader(bytes.NewReader(cache.Body(1, string(body[:1]), true)))
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(z); err != nil || !bytes.Equal(text, body) {
			t.Errorf("%v, %d octets instead of %d", err, len(text), len(body))
		}
	}
}
