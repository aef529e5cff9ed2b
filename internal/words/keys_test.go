package words_test

import (
	"maps"
	"regexp"
	"slices"
	"testing"
)

func TestEverythingThatIsSaidHasItsMessageAndEveryMessageIsSaid(t *testing.T) {
	t.Parallel()
	s := readSource(t)
	all, used := needs(t, s)
	for prefix, codes := range prefixes(t, s) {
		if !used[prefix] {
			t.Errorf("nothing says a message of %s", prefix)
		}
		for _, code := range codes {
			all = append(all, need{key: prefix + code, where: "the words of " + prefix})
		}
	}
	wanted := map[string]string{}
	for _, n := range all {
		wanted[n.key] = n.where
	}
	messages := read(t, "en")
	for key, where := range wanted {
		if messages[key] == "" {
			t.Errorf("%s: no message %s", where, key)
		}
	}
	for key := range messages {
		if wanted[key] == "" {
			t.Errorf("nothing says %s", key)
		}
	}
	if len(wanted) < 100 {
		t.Errorf("only %d keys found: %v", len(wanted), slices.Sorted(maps.Keys(wanted)))
	}
}

func TestTheListsOfThisTestAreInUse(t *testing.T) {
	t.Parallel()
	s := readSource(t)
	_, used := needs(t, s)
	known := prefixes(t, s)
	for place := range computed() {
		if !used[place] {
			t.Errorf("%q is not in the source any more", place)
		}
		known[place] = nil
	}
	for name := range used {
		if _, ok := known[name]; !ok {
			t.Errorf("a message is put together with %q, which prefixes does not have", name)
		}
	}
}

func TestNoMessageHasAGapThatNobodyFills(t *testing.T) {
	t.Parallel()
	all, _ := needs(t, readSource(t))
	messages := read(t, "en")
	for _, n := range all {
		for _, name := range gaps(messages[n.key]) {
			if !slices.Contains(n.args, name) {
				t.Errorf("%s: %s needs {%s} and is given %v", n.where, n.key, name, n.args)
			}
		}
	}
}

var gap = regexp.MustCompile(`\{([a-z_]+)\}`)

// gaps lists the {arguments} of a message, sorted, each once.
func gaps(text string) []string {
	names := map[string]bool{}
	for _, m := range gap.FindAllStringSubmatch(text, -1) {
		names[m[1]] = true
	}
	return slices.Sorted(maps.Keys(names))
}
