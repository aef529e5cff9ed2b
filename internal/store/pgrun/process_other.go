//go:build !linux

package pgrun

import "syscall"

// endWithParent can't be had here: a server whose process was killed goes on.
func endWithParent(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as}
}

// children are not known here. Those of a killed postmaster end by themselves when they notice.
func children(int) []int { return nil }

func alive(int) bool { return false }

// startOf can't tell two processes of one pid apart here.
func startOf(int) string { return "0" }
