package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"
)

const (
	pageSize  = 4096
	diskPages = 64  // of the file, written again and again as a write-ahead log is
	flushes   = 500 // enough for a p99
)

// flushTimes measures how long the file system takes to flush one page. Every commit waits for that at least once, so
// rates from two disks can't be compared without it: near zero means a disk in memory, on which nothing here means
// anything.
func flushTimes(ctx context.Context, dir string) (took []time.Duration, err error) {
	f, err := os.Create(filepath.Join(dir, "pages"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(make([]byte, diskPages*pageSize)); err != nil {
		return nil, err
	}
	if err := f.Sync(); err != nil {
		return nil, err
	}
	page := make([]byte, pageSize)
	for n := range flushes {
		page[0] = byte(n)
		if _, err := f.WriteAt(page, int64(n%diskPages*pageSize)); err != nil {
			return nil, err
		}
		start := time.Now()
		if err := flush(f); err != nil {
			return nil, err
		}
		took = append(took, time.Since(start))
	}
	return took, ctx.Err()
}
