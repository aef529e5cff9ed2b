//go:build !linux

package main

import "os"

// flush is the nearest that every system has.
func flush(f *os.File) error { return f.Sync() }
