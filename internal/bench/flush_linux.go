package main

import (
	"os"
	"syscall"
)

// flush is what SQLite does on this system.
func flush(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }
