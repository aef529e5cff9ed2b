package catalogue

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"grupa/internal/words"
)

func TestHelpIsThereInEveryLanguageAndCanBeDialled(t *testing.T) {
	t.Parallel()
	files := HelpFiles()
	want := slices.Sorted(slices.Values(words.Languages()))
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Fatalf("languages: %v", got)
	}
	for l, raw := range files {
		var h help
		strictly(t, "help/"+string(l), raw, &h)
		if h.Language != string(l) || h.Region == "" || h.Unwatched == "" || len(h.Contacts) == 0 {
			t.Errorf("%s: something is missing", l)
		}
		if _, err := time.Parse(time.DateOnly, h.CheckedOn); err != nil {
			t.Errorf("%s: last checked on %q", l, h.CheckedOn)
		}
		for _, c := range append(h.Contacts, h.Emergency) {
			if c.Name == "" || c.Phone == "" || strings.Trim(c.Phone, "0123456789 ") != "" {
				t.Errorf("%s: %q has no number to dial: %q", l, c.Name, c.Phone)
			}
		}
		for _, c := range h.Contacts {
			if c.Hours == "" || c.Note == "" {
				t.Errorf("%s: %s says too little", l, c.Name)
			}
		}
	}
}

// Persian is read in Iran and in Europe, and the emergency numbers differ.
func TestPersianHelpNamesTheEmergencyNumberOfBothRegions(t *testing.T) {
	t.Parallel()
	var h help
	strictly(t, "help/fa", HelpFiles()[words.Persian], &h)
	numbers := []string{h.Emergency.Phone}
	for _, c := range h.Contacts {
		numbers = append(numbers, c.Phone)
	}
	for _, number := range []string{"115", "112", "1480", "123", "116 123"} {
		if !slices.Contains(numbers, number) {
			t.Errorf("%s is missing", number)
		}
	}
}
