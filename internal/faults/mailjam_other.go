//go:build !unix

package main

import "fmt"

// jam can't be had here.
type jam struct{ address string }

func newJam() (*jam, error) { return nil, fmt.Errorf("%w: jam a port", errMissing) }

func (*jam) close() error { return nil }
