package api_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

const (
	memoryRounds  = 20
	memoryBound   = 20 << 20
	memoryVariant = "GRUPA_TEST_BAD_INPUT" // set: this process is the one that is measured
)

// The process is one of its own, so that no test beside this one is measured. Server and client are both in it.
func TestBadInputDoesNotMakeTheProcessGrow(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("this machine does not tell how large a process is")
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMeasuredBadInput$", "-test.v")
	child.Env = append(os.Environ(), memoryVariant+"=1", "GOGC=25") // so that what is kept shows, and not how late it is swept
	out, err := child.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "heap grew by") {
		t.Fatalf("%v: %s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "grew by") {
			t.Log(strings.TrimSpace(line))
		}
	}
}

// TestMeasuredBadInput is what the test above runs in a process of its own.
func TestMeasuredBadInput(t *testing.T) {
	if os.Getenv(memoryVariant) == "" {
		t.SkipNow()
	}
	w := newWorld(t)
	all := badRequests()
	round := func() {
		for _, b := range all {
			if a := b.send(w); a.status < 400 || a.status > 499 {
				t.Fatalf("%s: %d", b.name, a.status)
			}
		}
		w.exchange(chunked("/api/v1/applications", strings.Repeat("[", 1<<10), 1<<10)).is(413)
	}
	for range 3 {
		round() // pools and caches fill once
	}
	heap, resident := sizes(t)
	for range memoryRounds {
		round()
	}
	heap2, resident2 := sizes(t)
	for name, grew := range map[string]int{"heap": heap2 - heap, "resident memory": resident2 - resident} {
		t.Logf("%s grew by %d KiB over %d requests", name, grew>>10, memoryRounds*(len(all)+1))
		if grew > memoryBound {
			t.Errorf("%s grew by %d MiB", name, grew>>20)
		}
	}
}

// sizes gives what the heap holds after a collection, and the most memory that the process ever had, in octets.
func sizes(t *testing.T) (heap, resident int) {
	t.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	line, _, _ := strings.Cut(rest, "\n")
	kib, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(line, "kB")))
	if err != nil {
		t.Fatal(fmt.Errorf("VmHWM: %w", err))
	}
	return int(m.HeapAlloc), kib << 10
}
