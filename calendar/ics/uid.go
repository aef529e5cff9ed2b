package ics

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
)

// UID names a session in one feed: the same for ever for one key and session, and telling nothing of either. The key
// is the feed's own secret of 16 bytes or more, so two people can't find out from their calendars that they share a
// session. It has the form of a UUID (version 8, RFC 9562 5.8), as most calendars' UIDs do, and no host part at all:
// whatever stood there would say where the entry comes from.
func UID(key []byte, session string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(session))
	b := mac.Sum(nil)[:16]
	b[6] = b[6]&0x0f | 0x80 // version
	b[8] = b[8]&0x3f | 0x80 // variant
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// isUID keeps to the characters that every client takes; "/" alone makes one of them never open the event.
func isUID(s string) bool {
	if s == "" || len(s) > 255 {
		return false
	}
	for _, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case c == '@', c == '.', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}
