package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// diskSize is the size of a disk of ours. What is never written takes no room.
const diskSize = 256 << 20

// disk is an ext4 file system in a file. Whoever makes one removes it.
type disk struct {
	dir     string // has the file and the mount point
	mounted string // where it is mounted, if it is
}

func (d *disk) file() string { return filepath.Join(d.dir, "disk.img") }

// newDisk makes a disk below a folder, mounts it, and makes a folder "place" in it.
func newDisk(ctx context.Context, parent string) (d *disk, err error) {
	dir, err := os.MkdirTemp(parent, "disk-")
	if err != nil {
		return nil, err
	}
	d = &disk{dir: dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.remove())
		}
	}()
	f, err := os.Create(d.file())
	if err != nil {
		return nil, err
	}
	if err := errors.Join(f.Truncate(diskSize), f.Close()); err != nil {
		return nil, err
	}
	// Without the options the kernel would go on preparing the disk behind our back.
	err = tool(ctx, "mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", d.file())
	if err != nil {
		return nil, err
	}
	if err := d.mount(ctx); err != nil {
		return nil, err
	}
	return d, os.Mkdir(filepath.Join(d.mounted, "place"), 0o700)
}

// mount mounts the disk, which plays back its journal as after any power cut.
func (d *disk) mount(ctx context.Context) error {
	at := filepath.Join(d.dir, "mounted")
	if err := os.Mkdir(at, 0o700); err != nil {
		return err
	}
	if err := tool(ctx, "mount", "-o", "loop", d.file(), at); err != nil {
		return err
	}
	d.mounted = at
	return nil
}

// remove unmounts the disk and removes it. Programs on it must have ended.
func (d *disk) remove() error {
	if d.mounted != "" {
		if err := unmount(d.mounted); err != nil {
			return err
		}
	}
	return os.RemoveAll(d.dir)
}

// copied copies what has reached the disk, not what waits in memory to reach it. No program may write to it. The kernel
// may: a copy during which anything was written is of no one moment, and made again.
func (d *disk) copied(ctx context.Context, parent string) (c *disk, err error) {
	dir, err := os.MkdirTemp(parent, "disk-")
	if err != nil {
		return nil, err
	}
	c = &disk{dir: dir}
	for range 50 {
		before, err := d.writes()
		if err == nil {
			err = tool(ctx, "cp", "--sparse=always", d.file(), c.file())
		}
		if err != nil {
			return c, err
		}
		after, err := d.writes()
		if err != nil || before == after && after.pending == "0" {
			return c, err
		}
	}
	return c, errors.New("the kernel never stops writing to the disk")
}

// writes is what was written to a device so far, and what is on its way.
type writes struct{ requests, sectors, pending string }

func (d *disk) writes() (w writes, err error) {
	device, err := exec.Command("findmnt", "--noheadings", "--output", "SOURCE", d.mounted).Output()
	if err != nil {
		return w, fmt.Errorf("find the device of %s: %w", d.mounted, err)
	}
	raw, err := os.ReadFile(filepath.Join("/sys/block", filepath.Base(strings.TrimSpace(string(device))), "stat"))
	if err != nil {
		return w, err
	}
	fields := strings.Fields(string(raw)) // Documentation/block/stat.rst
	if len(fields) < 9 || fields[4] == "0" {
		return w, fmt.Errorf("the device %s does not count its writes: %s", device, raw)
	}
	return writes{requests: fields[4], sectors: fields[6], pending: fields[8]}, nil
}
