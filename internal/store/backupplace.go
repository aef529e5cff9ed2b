package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ErrThere means that something is already where a backup should be written or restored to. It is never overwritten.
var ErrThere = errors.New("is there already: nothing was written over it")

// absent refuses a path at which there is something.
func absent(path string) error {
	_, err := os.Lstat(path)
	if err == nil {
		return fmt.Errorf("%s %w", path, ErrThere)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// placeFile gives a finished file, which is on disk, its name, and has the name on disk too. It never takes the name
// from another file, except on a file system without links if that file came in this very moment.
func placeFile(part, path string) error {
	err := os.Link(part, path)
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s %w", path, ErrThere)
	case err == nil:
		err = os.Remove(part)
	default:
		if err = absent(path); err == nil {
			err = os.Rename(part, path)
		}
	}
	if err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// leftFree is left on a disk for those who write to it in the meantime.
const leftFree = 64 << 20

// enoughSpace refuses to fill a disk: the one that the database lies on would then take no more applications.
func enoughSpace(folder string, need int64) error {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return nil // it can't be known here; writing will tell
	}
	if free := uint64(s.Bavail) * uint64(s.Bsize); free < uint64(need)+leftFree {
		return fmt.Errorf("there is too little space in %s: %d MB are needed and %d MB are free",
			folder, (need+leftFree)>>20, free>>20)
	}
	return nil
}

// steady is how much is written before it is sent to the disk. A writer's commit waits for what the disk has still to
// write, so it must never be much.
const steady = 4 << 20

// steadyFile is a file that goes to the disk while it is written, instead of all at its end.
type steadyFile struct {
	*os.File
	waiting int
}

// Write implements io.Writer.
func (f *steadyFile) Write(p []byte) (int, error) {
	n, err := f.File.Write(p)
	if f.waiting += n; err == nil && f.waiting >= steady {
		f.waiting = 0
		err = f.Sync()
	}
	return n, err
}
