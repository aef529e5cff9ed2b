package ics

import (
	"net/url"
	"strings"
	"unicode"
)

// clean makes any text fit for a TEXT value: sound UTF-8, line feeds for every kind of line end, no other control
// characters. Besides CR and LF, some readers break lines at NEL and the Unicode separators.
func clean(s string) string {
	if plain(s) {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch r {
		case '\n', '\r', '\u0085', '\u2028', '\u2029':
			return '\n'
		case '\t':
			return ' '
		case '\uFEFF': // a byte order mark in the middle breaks readers
			return -1
		}
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// plain spares most texts the work.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// link gives an absolute http or https address in RFC 3986 characters, or nothing.
func link(s string) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return ""
	}
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	for _, c := range []byte(u.String()) {
		if c > ' ' && c <= '~' && !strings.ContainsRune("\"<>\\^`{|}", rune(c)) {
			out.WriteByte(c)
		} else {
			out.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return out.String()
}
