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

// tool runs a program of the system to its end.
func tool(ctx context.Context, name string, args ...string) error {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, out)
	}
	return nil
}

// have is errMissing where one of the tools is not installed.
func have(tools ...string) error {
	for _, t := range tools {
		if _, err := exec.LookPath(t); err != nil {
			return fmt.Errorf("%w: %s is not installed", errMissing, t)
		}
	}
	return nil
}

// canMount is errMissing where no disk in a file can be made and mounted.
func canMount(ctx context.Context, dir string) error {
	if err := have("mkfs.ext4", "mount", "umount", "findmnt", "cp"); err != nil {
		return err
	}
	if os.Geteuid() != 0 {
		return fmt.Errorf("%w: only root can mount a disk", errMissing)
	}
	d, err := newDisk(ctx, dir)
	if err != nil {
		return fmt.Errorf("%w: %w", errMissing, err)
	}
	return d.remove()
}

// newMemory mounts a file system in memory of that many octets below a folder. Whoever makes one unmounts it by
// removeMemory. It is errMissing where that can't be done.
func newMemory(ctx context.Context, parent string, size int) (dir string, err error) {
	if err := have("mount", "umount"); err != nil {
		return "", err
	}
	dir, err = os.MkdirTemp(parent, "memory-")
	if err != nil {
		return "", err
	}
	if err := tool(ctx, "mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%d,mode=700", size), "tmpfs", dir); err != nil {
		return "", errors.Join(errMissing, err, os.Remove(dir))
	}
	return dir, nil
}

func removeMemory(dir string) error { return errors.Join(unmount(dir), os.Remove(dir)) }

// unmount is done even when the run was called off.
func unmount(dir string) error { return tool(context.Background(), "umount", filepath.Clean(dir)) }
