package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary builds the real server once for all tests of a run.
var binary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "grupa-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "server")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", &buildError{string(out)}
	}
	return path, nil
})

type buildError struct{ out string }

func (e *buildError) Error() string { return "go build: " + e.out }

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path)) // of this run alone
	}
	os.Exit(code)
}

// process is the real server in a folder of its own.
type process struct {
	t      *testing.T
	folder string
	path   string
	url    string
	cmd    *exec.Cmd
	out    *lines // what it printed for the person at the terminal
	log    *lines // what it logged

	settings []string // of every command of this folder, as variables
}

// lines collects what a process writes. It may be read while the process runs.
type lines struct {
	mu   sync.Mutex
	all  strings.Builder
	more *sync.Cond
	end  bool
}

func newLines() *lines {
	l := &lines{}
	l.more = sync.NewCond(&l.mu)
	return l
}

func (l *lines) read(r *bufio.Scanner) {
	r.Buffer(nil, 1<<20)
	for r.Scan() {
		l.mu.Lock()
		l.all.WriteString(r.Text() + "\n")
		l.more.Broadcast()
		l.mu.Unlock()
	}
	l.mu.Lock()
	l.end = true
	l.more.Broadcast()
	l.mu.Unlock()
}

func (l *lines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// find waits for a line that fits, or for the end.
func (l *lines) find(pattern *regexp.Regexp) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		if m := pattern.FindStringSubmatch(l.all.String()); m != nil || l.end {
			return m
		}
		l.more.Wait()
	}
}

var listening = regexp.MustCompile(`listens on (http://\S+)`)

func newProcess(t *testing.T) *process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, folder: t.TempDir(), path: path}
	if err := os.Mkdir(filepath.Join(p.folder, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	return p
}

// start starts a command of the server that listens, on a free port, and waits until it does.
func (p *process) start(args ...string) {
	p.t.Helper()
	p.cmd = exec.Command(p.path, append(args, "--listen", "127.0.0.1:0")...)
	p.cmd.Dir, p.cmd.Env = p.folder, p.env()
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	p.out, p.log = newLines(), newLines()
	go p.out.read(bufio.NewScanner(stdout))
	go p.log.read(bufio.NewScanner(stderr))
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = p.cmd.Process.Kill() }) // where the test did not stop it
	m := p.out.find(listening)
	if m == nil {
		p.t.Fatalf("it did not start: %s %s", p.out.text(), p.log.text())
	}
	p.url = m[1]
}

// env gives the process temporary files of its own, which tests look into.
func (p *process) env() []string {
	return append(append(cleanEnv(), "TMPDIR="+filepath.Join(p.folder, "tmp")), p.settings...)
}

// cleanEnv keeps settings of whoever runs the tests out of them.
func cleanEnv() []string {
	var env []string
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "GRUPA_") {
			env = append(env, kv)
		}
	}
	return env
}

// stop asks the server to stop, and fails the test if it does not end well.
func (p *process) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatalf("it did not stop cleanly: %v: %s", err, p.log.text())
	}
}

// run runs a command that ends by itself, and gives what it printed.
func (p *process) run(args ...string) string {
	p.t.Helper()
	out, err := p.try(args...)
	if err != nil {
		p.t.Fatalf("%v: %v: %s", args, err, out)
	}
	return strings.TrimSpace(out)
}

func (p *process) try(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.path, args...)
	cmd.Dir, cmd.Env = p.folder, p.env()
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// staff adds a member of staff and gives the id and a token.
func (p *process) staff(email, role string) (id, token string) {
	p.t.Helper()
	id = p.run("person", "add", email, "--role", role)
	return id, p.run("token", "add", email, "--name", "test")
}
