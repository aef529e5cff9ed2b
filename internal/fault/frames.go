package fault

import "strings"

// Frames keeps the places of a stack (as debug.Stack gives it) and drops everything else: the value of a panic and the
// arguments of a function may be somebody's answer.
func Frames(stack []byte) []string {
	var at []string
	for line := range strings.Lines(string(stack)) {
		if place, ok := strings.CutPrefix(line, "\t"); ok && len(at) < 20 {
			at = append(at, strings.TrimSpace(place))
		}
	}
	return at
}
