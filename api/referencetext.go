package api

import (
	"regexp"
	"strings"
)

// refParagraph is a paragraph of a description in pieces. The template puts the tags around them, so no text of the
// contract can bring its own.
type refParagraph []refPiece

type refPiece struct {
	Text       string
	Bold, Code bool
}

var (
	blankLines = regexp.MustCompile(`\n[ \t]*\n\s*`)
	marked     = regexp.MustCompile("\\*\\*(.+?)\\*\\*|`([^`]+)`")
)

// paragraphsOf knows the three marks that the contract uses: a blank line, **bold** and `code`. A mark without its
// other half is text.
func paragraphsOf(description string) (out []refParagraph) {
	for _, text := range blankLines.Split(strings.TrimSpace(description), -1) {
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			out = append(out, piecesOf(text))
		}
	}
	return out
}

func piecesOf(text string) (out refParagraph) {
	for text != "" {
		m := marked.FindStringSubmatchIndex(text)
		if m == nil {
			return append(out, refPiece{Text: text})
		}
		if m[0] > 0 {
			out = append(out, refPiece{Text: text[:m[0]]})
		}
		if m[2] >= 0 {
			out = append(out, refPiece{Text: text[m[2]:m[3]], Bold: true})
		} else {
			out = append(out, refPiece{Text: text[m[4]:m[5]], Code: true})
		}
		text = text[m[1]:]
	}
	return out
}
