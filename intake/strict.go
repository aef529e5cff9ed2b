package intake

import (
	"bytes"
	"encoding/json"
	"io"

	"grupa/internal/fault"
)

// ErrData is the error for data that is not of its format at all.
var ErrData = fault.New(fault.Invalid, "data_format")

// strict reads one JSON value and refuses names that the format does not have.
func strict(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return ErrData.Because(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return ErrData
	}
	return nil
}
