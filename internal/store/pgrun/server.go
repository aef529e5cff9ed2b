package pgrun

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// Options say what Start starts. The zero value is a careless server in a temporary folder, reached by its socket.
type Options struct {
	// Dir holds data, socket and log, and is made if need be; data of an earlier Server there is used again. It stays
	// when the server stops. Where we are root, user nobody must be able to get there. Empty: a temporary folder, which
	// goes when the server stops.
	Dir     string
	TCP     bool // listen on a free loopback port too
	Durable bool // keep PostgreSQL's defaults: what was committed is on disk. Else nothing is forced there
}

// Server is a cluster of this process's own. It ends with this process, whatever ends that. Kill, Restart and Stop must
// not be called by two goroutines at once; the cluster's methods may.
type Server struct {
	*Cluster
	options   Options
	bin       string
	dir       string
	temporary bool // dir is ours to remove
	user      *syscall.Credential
	process   *process // nil while it does not run
}

// Start makes a cluster, unless the folder has one, and gives it back once it answers. ctx bounds the start alone.
// Stop must be called. The error is ErrNotFound where PostgreSQL is not installed.
func Start(ctx context.Context, o Options) (*Server, error) {
	bin, err := Find()
	if err != nil {
		return nil, err
	}
	as, err := unprivileged()
	if err != nil {
		return nil, err
	}
	s := &Server{Cluster: &Cluster{tcp: o.TCP}, options: o, bin: bin, dir: o.Dir, user: as}
	err = s.prepare(ctx)
	if err == nil {
		err = s.Restart(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// prepare makes the folders and, in a new one, the cluster.
func (s *Server) prepare(ctx context.Context) (err error) {
	if s.dir == "" {
		s.temporary = true
		if s.dir, err = os.MkdirTemp(base(), "grupa-pg-"); err != nil {
			return err
		}
	}
	if s.socket = socketFolder(s.dir); len(s.socket) > longestSocketDir {
		return fmt.Errorf("%s is too long a path for a socket: %d bytes at most", s.dir, longestSocketDir-len("/s"))
	}
	if err := os.MkdirAll(s.socket, 0o700); err != nil {
		return err
	}
	if err := errors.Join(give(s.dir, s.user), give(s.socket, s.user)); err != nil {
		return err
	}
	if s.port, err = freePort(); err != nil {
		return err
	}
	return s.initialize(ctx)
}

// initialize runs initdb, or reads the password of the cluster that is there.
func (s *Server) initialize(ctx context.Context) error {
	kept := filepath.Join(s.dir, "password")
	if password, err := os.ReadFile(kept); err == nil {
		s.password = string(password)
		return nil
	}
	file := kept + ".new"
	s.password = rand.Text()
	if err := errors.Join(os.WriteFile(file, []byte(s.password), 0o600), give(file, s.user)); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, "initdb"), initial(dataFolder(s.dir), file)...)
	cmd.SysProcAttr, cmd.Dir = &syscall.SysProcAttr{Credential: s.user}, "/"
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb, as %s: %w\n%s", who(s.user), err, out)
	}
	return os.Rename(file, kept) // only now there is a cluster to use again
}

func who(as *syscall.Credential) string {
	if as == nil {
		return "ourselves"
	}
	return "user nobody"
}

// freePort gives a port that was free a moment ago. Without TCP it is a name and no more.
func freePort() (int, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// Restart starts the server again after Kill, or stops it first if it runs. Address, databases and URLs stay the same.
// It gives back once the server answers, so after its recovery.
func (s *Server) Restart(ctx context.Context) error {
	if err := s.halt(); err != nil {
		return err
	}
	settings := careless
	if s.options.Durable {
		settings = nil
	}
	args := arguments(dataFolder(s.dir), s.socket, s.port, s.tcp, common, settings)
	p, err := run(filepath.Join(s.bin, "postgres"), args, logFile(s.dir), s.user)
	if err != nil {
		return err
	}
	s.process = p
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = until(ctx, func() (bool, error) {
		if p.ended() {
			return false, errors.New("it ended")
		}
		return s.answers(ctx), nil
	})
	if err != nil {
		return fmt.Errorf("start PostgreSQL in %s: %w\n%s", s.dir, err, tail(logFile(s.dir)))
	}
	return nil
}

// Kill ends the postmaster and all its children at once, by SIGKILL, as a crash would, and waits until they are gone.
func (s *Server) Kill() error {
	if s.process == nil {
		return nil
	}
	p := s.process
	s.process = nil
	return p.kill()
}

// Stop ends the server; who is connected is cut off, what they had not committed is undone. A temporary folder is
// removed.
func (s *Server) Stop() error {
	err := s.halt()
	if s.temporary {
		err = errors.Join(err, os.RemoveAll(s.dir))
	}
	return err
}

// halt is PostgreSQL's "fast" shutdown. A server that does not follow is killed, and that is an error.
func (s *Server) halt() error {
	if s.process == nil {
		return nil
	}
	p := s.process
	s.process = nil
	if p.signal(syscall.SIGINT) == nil && p.wait(patience) {
		return nil
	}
	return errors.Join(errors.New("PostgreSQL did not stop when told to"), p.kill())
}

// tail is the end of a log, for an error text.
func tail(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}
