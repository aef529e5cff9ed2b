package rig

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// patience is how long a program may take to start, and to stop when it is asked to.
const patience = 30 * time.Second

// Process is a running server. Whoever started it ends it by Kill or Stop; it also dies with the context it was started
// with.
type Process struct {
	URL    string // where it answers, without a slash at the end
	cmd    *exec.Cmd
	log    string
	exited chan struct{} // closed when the process is gone
}

// Start starts a program on a place and gives it once it can be reached. One that ends before is an error with the
// end of its log: a server that did not start must never look like one that kept nothing.
func (b *Bench) Start(ctx context.Context, program string, at Place, args ...string) (*Process, error) {
	log, err := os.OpenFile(at.log(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // the child has its own handle
	p := &Process{log: at.log(), exited: make(chan struct{})}
	p.cmd = b.command(ctx, program, at, append([]string{"--listen", "127.0.0.1:0"}, args...)...)
	p.cmd.Stderr = log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	address := make(chan string, 1)
	go p.follow(out, address)
	return p.reached(ctx, address)
}

// command runs without settings from the environment, which would be those of another installation.
func (b *Bench) command(ctx context.Context, program string, at Place, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, b.Binary(program), append(args, at.settings(program)...)...)
	cmd.Env = slices.DeleteFunc(os.Environ(), func(kv string) bool { return strings.HasPrefix(kv, "GRUPA_") })
	cmd.Dir = at.dir
	cmd.SysProcAttr = dieWithParent()
	return cmd
}

var listens = regexp.MustCompile(`listens on (http://127\.0\.0\.1:\d+)`)

// follow reads what the program prints to its end, tells the address on the way, and waits for the process.
func (p *Process) follow(out io.Reader, address chan<- string) {
	defer close(p.exited)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if found := listens.FindStringSubmatch(lines.Text()); found != nil && len(address) == 0 {
			address <- found[1]
		}
	}
	_ = p.cmd.Wait() // how it ended is read from its state
}

func (p *Process) reached(ctx context.Context, address <-chan string) (*Process, error) {
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case p.URL = <-address:
		return p, nil
	case <-p.exited:
		return nil, fmt.Errorf("it did not start: %s: %s", p.cmd.ProcessState, p.lastWords())
	case <-ctx.Done():
	case <-late.C:
	}
	_ = p.cmd.Process.Kill() // it may just have ended
	<-p.exited
	return nil, errors.Join(fmt.Errorf("it did not say within %s where it listens: %s", patience, p.lastWords()), ctx.Err())
}

// Kill ends the process as a power cut would end it: it gets no say. A process that had ended by itself is an error.
func (p *Process) Kill() error {
	_ = p.cmd.Process.Kill() // its state tells
	<-p.exited
	if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		return fmt.Errorf("it ended before it was killed: %s: %s", p.cmd.ProcessState, p.lastWords())
	}
	return nil
}

// Stop asks the process to end and waits until it has. It is killed if it takes too long, which is an error. Stopping
// one that is gone is none.
func (p *Process) Stop() error {
	select {
	case <-p.exited:
		return nil
	default:
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may just have ended
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-p.exited:
	case <-late.C:
		return errors.Join(fmt.Errorf("it did not stop within %s", patience), p.Kill())
	}
	if !p.cmd.ProcessState.Success() {
		return fmt.Errorf("it stopped badly: %s: %s", p.cmd.ProcessState, p.lastWords())
	}
	return nil
}

// Run runs a subcommand of a program on a place to its end and gives what it printed.
func (b *Bench) Run(ctx context.Context, program string, at Place, args ...string) (string, error) {
	var out, complaint strings.Builder
	cmd := b.command(ctx, program, at, args...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, complaint.String())
	}
	return out.String(), nil
}

// lastWords is the end of the log.
func (p *Process) lastWords() string {
	raw, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(raw[max(0, len(raw)-2000):])
}
