package api

import (
	"strconv"
	"strings"

	"grupa/internal/fault"
)

var (
	errNoVersion = fault.New(fault.Precondition, "if_match_missing")
	errStale     = fault.New(fault.Stale, "changed_meanwhile")
)

// etag is the version of a record as a strong entity tag.
func etag(version int) string { return `"` + strconv.Itoa(version) + `"` }

// versionOf reads If-Match. A tag that we never gave is a record that is no longer so.
func versionOf(ifMatch IfMatch) (int, error) {
	text := strings.TrimSpace(string(ifMatch))
	if text == "" {
		return 0, errNoVersion
	}
	version, err := strconv.Atoi(strings.Trim(text, `"`))
	if err != nil || etag(version) != text {
		return 0, errStale
	}
	return version, nil
}
