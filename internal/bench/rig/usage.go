package rig

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of processor time in /proc, the same on every Linux.
const tick = 10 * time.Millisecond

// CPU is the processor time that the process has used, to ten milliseconds. It can be read on Linux only.
func (p *Process) CPU() (time.Duration, error) {
	raw, err := os.ReadFile(p.proc("stat"))
	if err != nil {
		return 0, err
	}
	// The second field, the name, may hold anything; what follows its last parenthesis begins with the third.
	fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
	if len(fields) < 13 {
		return 0, fmt.Errorf("%s has %d fields", p.proc("stat"), len(fields))
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * tick, errors.Join(err1, err2)
}

var memoryLine = regexp.MustCompile(`(?m)^(VmRSS|VmHWM):\s+(\d+) kB$`)

// Memory is how many octets of the process lie in memory now, and how many did at most since the start or the last
// ForgetPeak. It can be read on Linux only.
func (p *Process) Memory() (now, peak int64, err error) {
	raw, err := os.ReadFile(p.proc("status"))
	if err != nil {
		return 0, 0, err
	}
	for _, line := range memoryLine.FindAllStringSubmatch(string(raw), -1) {
		kilo, err := strconv.ParseInt(line[2], 10, 64)
		if err != nil {
			return 0, 0, err
		}
		if line[1] == "VmRSS" {
			now = kilo << 10
		} else {
			peak = kilo << 10
		}
	}
	if now == 0 || peak == 0 {
		return 0, 0, fmt.Errorf("%s tells no memory", p.proc("status"))
	}
	return now, peak, nil
}

// ForgetPeak lets the peak of the memory begin anew.
func (p *Process) ForgetPeak() error { return os.WriteFile(p.proc("clear_refs"), []byte("5"), 0) }

func (p *Process) proc(file string) string {
	return fmt.Sprintf("/proc/%d/%s", p.cmd.Process.Pid, file)
}
