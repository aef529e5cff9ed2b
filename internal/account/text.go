package account

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"grupa/internal/fault"
)

// CheckText refuses what no person types: bytes that are not UTF-8, control characters other than line ends and tabs,
// and more than most characters.
func CheckText(path, text string, most int) error {
	switch {
	case !utf8.ValidString(text):
		return fault.At(path, "utf8")
	case strings.ContainsFunc(text, isControl):
		return fault.At(path, "control")
	case utf8.RuneCountInString(text) > most:
		return fault.At(path, "too_long", "max", strconv.Itoa(most))
	}
	return nil
}

// CheckLine is CheckText for a text of one line: no line end either.
func CheckLine(path, text string, most int) error {
	if strings.ContainsAny(text, "\r\n\u2028\u2029") {
		return fault.At(path, "one_line")
	}
	return CheckText(path, text, most)
}

func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}
