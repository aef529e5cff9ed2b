package account

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"unicode"
)

// Hash is the SHA-256 of a secret: all that is ever stored of one. Every secret here has at least 120 random bits, so
// no salt and no slow hash is needed.
type Hash [sha256.Size]byte

// HashOf hashes a secret in its normal form.
func HashOf(secret string) Hash { return sha256.Sum256([]byte(secret)) }

// Prefixes tell a scanner, and a person who finds one, what leaked.
const (
	TokenPrefix = "grpa_" // API token of a member of staff
	FeedPrefix  = "grpf_" // calendar feed address
)

var tokenLetters = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewToken is a prefix and 160 random bits in lower-case base 32.
func NewToken(prefix string) string {
	b := make([]byte, 20)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return prefix + strings.ToLower(tokenLetters.EncodeToString(b))
}

// IsToken says whether the text has the shape of a token with that prefix.
func IsToken(text, prefix string) bool {
	rest, ok := strings.CutPrefix(text, prefix)
	return ok && len(rest) == 32 && strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// crockford has no I, L, O and U: what is read aloud or copied by hand stays the same.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	receiptLength   = 24
	referenceLength = 8
)

// NewReceipt is a receipt code of 120 random bits, in six groups of four.
func NewReceipt() string { return grouped(randomCrockford(receiptLength)) }

// NewReference is the name of an application for people to say to each other: eight characters, no secret.
func NewReference() string { return grouped(randomCrockford(referenceLength)) }

func randomCrockford(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	for i := range b {
		b[i] = crockford[b[i]&31]
	}
	return string(b)
}

func grouped(code string) string {
	var groups []string
	for i := 0; i < len(code); i += 4 {
		groups = append(groups, code[i:i+4])
	}
	return strings.Join(groups, "-")
}

// ParseReceipt gives the normal form of a receipt code as people type it: any case, with or without spaces and hyphens,
// O for 0, I or L for 1, Persian or Arabic digits.
func ParseReceipt(text string) (code string, ok bool) {
	code = foldCode(text)
	return code, len(code) == receiptLength && strings.Trim(code, crockford) == ""
}

// ParseReference is ParseReceipt for references, with the hyphen back in its place.
func ParseReference(text string) (reference string, ok bool) {
	code := foldCode(text)
	if len(code) != referenceLength || strings.Trim(code, crockford) != "" {
		return "", false
	}
	return grouped(code), true
}

func foldCode(text string) string {
	if len(text) > 200 {
		return ""
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '۰' && r <= '۹':
			return '0' + (r - '۰')
		case r >= '٠' && r <= '٩':
			return '0' + (r - '٠')
		case r == 'o', r == 'O':
			return '0'
		case r == 'i', r == 'I', r == 'l', r == 'L':
			return '1'
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), unicode.Is(unicode.Cf, r), r == '−', r == 'ـ':
			return -1 // spaces, dashes, joiners and direction marks
		}
		return unicode.ToUpper(r)
	}, text)
}

// NewID is 26 random characters, as crypto/rand.Text makes them.
func NewID() string { return rand.Text() }
