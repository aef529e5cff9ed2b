package store

import (
	"encoding/base64"
	"strconv"
	"strings"

	"grupa/internal/fault"
)

// cursor is the place in a list after which the next page begins: the sorted value and the id of the last row. So a
// page costs the same however deep it is, and rows that come meanwhile shift nothing.
type cursor struct {
	value int64
	id    string
}

// text binds the cursor to its order: with another order it is refused.
func (c cursor) text(order string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(order + " " + strconv.FormatInt(c.value, 10) + " " + c.id))
}

func parseCursor(text, order string) (cursor, error) {
	bad := fault.At("cursor", "cursor")
	raw, err := base64.RawURLEncoding.DecodeString(text)
	parts := strings.Split(string(raw), " ")
	if err != nil || len(parts) != 3 || parts[0] != order || len(parts[2]) != 26 {
		return cursor{}, bad
	}
	value, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return cursor{}, bad
	}
	return cursor{value, parts[2]}, nil
}
