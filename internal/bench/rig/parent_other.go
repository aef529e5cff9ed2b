//go:build !linux

package rig

import "syscall"

// dieWithParent can't be had here: a child of a parent that was killed goes on.
func dieWithParent() *syscall.SysProcAttr { return nil }
