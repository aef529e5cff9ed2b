package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// feedFile is a feed as it is sent in one encoding. It never changes. What its headers say is kept in the form that
// net/http wants, and so is what all feeds say: nobody writes into it.
type feedFile struct {
	body     []byte
	expires  time.Time // the address is dead from then on
	modified time.Time

	tag, length, changed []string // values of headers
	packed               bool
}

var (
	noIndex     = []string{"noindex"}
	noReferrer  = []string{"no-referrer"}
	feedCaching = []string{"private, no-cache"}
	feedVary    = []string{"Accept-Encoding"}
	feedType    = []string{"text/calendar; charset=utf-8"}
	feedName    = []string{`inline; filename="calendar.ics"`}
	feedPacked  = []string{"gzip"}
)

// notForFeeds are headers of every answer that say nothing of a calendar: the first two are for documents, of which no
// browser makes one that it may not sniff; the third guards what is given for a cookie's sake, and here the address is
// all that it takes. Without them a 304 has no more than 8 headers and a 200 no more than 12. Above these net/http
// builds a larger table, twice, and sorts it otherwise: a fourth of what the answer costs.
var notForFeeds = []string{"Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"}

// newFeedFile packs the body if that is asked for. The two encodings have tags of their own.
func newFeedFile(body []byte, modified, expires time.Time, z *packer) *feedFile {
	sum := sha256.Sum256(body)
	tag := base64.RawURLEncoding.EncodeToString(sum[:16])
	if z != nil {
		body, tag = z.pack(body), tag+"-gzip"
	}
	return &feedFile{
		body: body, expires: expires, modified: modified, packed: z != nil,
		tag: []string{`"` + tag + `"`}, length: []string{strconv.Itoa(len(body))},
		changed: []string{modified.UTC().Format(http.TimeFormat)},
	}
}

// size is about what the file takes of the memory, with its place in the map.
func (f *feedFile) size() int { return cap(f.body) + 512 }

// serve answers a GET or HEAD. What nearly every client asks, whether its tag is still the one or for the whole, is
// answered at once; every other condition is the standard library's. It serves no parts: half a calendar is a lost one.
func (f *feedFile) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for _, name := range notForFeeds {
		delete(h, name)
	}
	h["Cache-Control"], h["Vary"], h["Etag"] = feedCaching, feedVary, f.tag
	if f.isTheirs(r.Header) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["X-Robots-Tag"], h["Referrer-Policy"] = noIndex, noReferrer
	h["Content-Type"], h["Content-Disposition"] = feedType, feedName
	if f.packed {
		h["Content-Encoding"] = feedPacked
	}
	if conditional(r.Header) {
		r.Header.Del("Range")
		http.ServeContent(wholeOnly{w, f}, r, "", f.modified, bytes.NewReader(f.body))
		return
	}
	h["Content-Length"], h["Last-Modified"] = f.length, f.changed
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(f.body) // whoever went away needs no answer
	}
}

// wholeOnly takes back the standard library's promise of parts, and says the length that it leaves out of what is
// packed.
type wholeOnly struct {
	http.ResponseWriter
	file *feedFile
}

// WriteHeader implements http.ResponseWriter.
func (w wholeOnly) WriteHeader(status int) {
	delete(w.Header(), "Accept-Ranges")
	if status == http.StatusOK {
		w.Header()["Content-Length"] = w.file.length
	}
	w.ResponseWriter.WriteHeader(status)
}

// isTheirs says whether the client has this very file and asks nothing else. A tag decides alone, whatever time comes
// with it (RFC 9110 13.2.2).
func (f *feedFile) isTheirs(h http.Header) bool {
	tags := h["If-None-Match"]
	return len(tags) == 1 && tags[0] == f.tag[0] && h["If-Match"] == nil && h["If-Unmodified-Since"] == nil
}

func conditional(h http.Header) bool {
	return h["If-None-Match"] != nil || h["If-Modified-Since"] != nil || h["If-Match"] != nil ||
		h["If-Unmodified-Since"] != nil
}

// packer packs bodies. A writer of gzip is a megabyte, so they are kept for the next body.
type packer struct{ writers sync.Pool }

func (p *packer) pack(body []byte) []byte {
	z, ok := p.writers.Get().(*gzip.Writer)
	if !ok {
		z = gzip.NewWriter(nil)
	}
	defer p.writers.Put(z)
	var out bytes.Buffer
	z.Reset(&out)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return bytes.Clone(out.Bytes()) // without the room that the buffer grew
}

func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			_, q, weighed := strings.Cut(strings.ReplaceAll(weight, " ", ""), "q=")
			return !weighed || strings.Trim(q, "0.") != ""
		}
	}
	return false
}
