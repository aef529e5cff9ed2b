package pgrun

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// endWithParent has the kernel tell the postmaster to quit at once when its parent ends, however that ends.
func endWithParent(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGQUIT}
}

// stat reads a process's state, parent and time of start (in ticks since the machine started), see proc(5).
func stat(pid int) (state string, parent int, started string) {
	content, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return "", 0, ""
	}
	_, rest, _ := strings.Cut(string(content), ") ") // the name before may hold spaces
	fields := strings.Fields(rest)
	if len(fields) < 20 {
		return "", 0, ""
	}
	parent, _ = strconv.Atoi(fields[1]) // the kernel writes a number
	return fields[0], parent, fields[19]
}

// children lists the pids whose parent that process is.
func children(pid int) (list []int) {
	entries, _ := os.ReadDir("/proc") // it is there, or nothing works
	for _, e := range entries {
		child, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if _, parent, _ := stat(child); parent == pid {
			list = append(list, child)
		}
	}
	return list
}

// alive says whether the process is there and no mere zombie.
func alive(pid int) bool {
	state, _, _ := stat(pid)
	return state != "" && state != "Z" && state != "X"
}

// startOf tells two processes of one pid apart.
func startOf(pid int) string {
	_, _, started := stat(pid)
	return started
}
