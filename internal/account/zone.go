package account

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// Zone loads a time zone by its IANA name, such as "Europe/Warsaw" or "UTC". Offsets, paths, the machine's own zone and
// names that only some machines have ("posix/…", "right/…" with its leap seconds) are refused: a stored name must mean
// the same everywhere.
func Zone(name string) (*time.Location, error) {
	if !zoneName(name) {
		return nil, fmt.Errorf("%q is no name of a time zone", name)
	}
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err == nil {
		zones.Store(name, zone)
	}
	return zone, err
}

// zones spares reading the zone's file again for every form. Nobody can tell whether a zone comes from here, and there
// are some six hundred at most.
var zones sync.Map

// zoneName holds for names whose parts begin with a capital letter, as all names of the database do.
func zoneName(name string) bool {
	if name == "" || len(name) > 64 || name == "Local" || name == "Factory" {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part[0] < 'A' || part[0] > 'Z' || strings.ContainsFunc(part, notOfAName) {
			return false
		}
	}
	return true
}

func notOfAName(r rune) bool {
	return !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '_' || r == '+' || r == '-')
}
