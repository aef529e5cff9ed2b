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

var errCursor = fault.At("cursor", "cursor")

func parseCursor(text, order string) (cursor, error) {
	c, err := cursorOf(text, order)
	if err == nil && len(c.id) != 26 {
		err = errCursor
	}
	return c, err
}

func cursorOf(text, order string) (cursor, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	parts := strings.Split(string(raw), " ")
	if err != nil || len(parts) != 3 || parts[0] != order {
		return cursor{}, errCursor
	}
	value, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return cursor{}, errCursor
	}
	return cursor{value, parts[2]}, nil
}

// place is a cursor among rows that are numbered in the order they came.
type place struct{ value, seq int64 }

func (p place) text(order string) string {
	return cursor{p.value, strconv.FormatInt(p.seq, 10)}.text(order)
}

func parsePlace(text, order string) (*place, error) {
	c, err := cursorOf(text, order)
	if err != nil {
		return nil, err
	}
	seq, err := strconv.ParseInt(c.id, 10, 64)
	if err != nil || seq < 1 {
		return nil, errCursor
	}
	return &place{c.value, seq}, nil
}
