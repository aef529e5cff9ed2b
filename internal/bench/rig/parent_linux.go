package rig

import "syscall"

// dieWithParent lets the kernel kill a child whose parent was killed itself, and so could not clean up.
func dieWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
