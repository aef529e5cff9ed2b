package api

// Decode reads a request body as the binder does.
func Decode(raw []byte, into any) error { return (&shapes{}).decode(raw, into) }
