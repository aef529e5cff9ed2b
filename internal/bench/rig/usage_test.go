package rig

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"
)

func TestUsageIsThatOfTheProcess(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells it")
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	p := &Process{cmd: &exec.Cmd{Process: self}}
	before, err := p.CPU()
	if err != nil {
		t.Fatal(err)
	}
	for start := time.Now(); time.Since(start) < 10*time.Second; {
		if now, err := p.CPU(); err != nil || now > before {
			break
		}
	}
	if now, err := p.CPU(); err != nil || now <= before {
		t.Errorf("%s after %s of work: %v", now, before, err)
	}
	const big = 64 << 20
	ballast := make([]byte, big)
	for n := range ballast {
		ballast[n] = byte(n)
	}
	now, peak, err := p.Memory()
	if err != nil || now < big || peak < now {
		t.Errorf("%d now, %d at most: %v", now, peak, err)
	}
	runtime.KeepAlive(ballast)
}
