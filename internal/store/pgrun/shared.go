package pgrun

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
)

// linger is how many seconds a shared cluster waits for another user after the last.
const linger = 5

// sharedPort is a part of the socket's name and no more.
const sharedPort = 5432

// joined is this process's place among the users of a shared cluster. It is one for the whole process, and kept until
// its end, because that is whom the kernel knows as the holder of the lock.
var joined struct {
	sync.Mutex
	cluster *Cluster
	users   *os.File
}

// Shared gives the one careless cluster of a whole test run, and starts it if no other test binary has. It belongs to
// the children of one parent, which is the go command; PostgreSQL is stopped and its folder removed a few seconds after
// the last of them has ended, however they end. ctx bounds the start alone. The error is ErrNotFound where PostgreSQL
// is not installed.
func Shared(ctx context.Context) (*Cluster, error) {
	joined.Lock()
	defer joined.Unlock()
	if joined.cluster != nil {
		return joined.cluster, nil
	}
	parent := os.Getppid()
	folder := filepath.Join(base(), fmt.Sprintf("grupa-pg-%d-%d-%s", os.Getuid(), parent, startOf(parent)))
	cluster, users, err := join(ctx, folder, linger)
	if err != nil {
		return nil, fmt.Errorf("shared PostgreSQL: %w", err)
	}
	joined.cluster, joined.users = cluster, users
	return cluster, nil
}

// errMoved means that the folder was cleaned up between two looks at it.
var errMoved = errors.New("the folder was removed")

// join makes this process a user of the cluster in the folder for as long as it holds the file.
func join(ctx context.Context, folder string, linger float64) (*Cluster, *os.File, error) {
	bin, err := Find()
	if err != nil {
		return nil, nil, err
	}
	as, err := unprivileged()
	if err != nil {
		return nil, nil, err
	}
	h := host{folder: folder, bin: bin, user: as, linger: linger}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		users, err := h.enter(ctx)
		if errors.Is(err, errMoved) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		c, err := h.cluster(ctx)
		if err != nil {
			return nil, nil, errors.Join(err, users.Close())
		}
		return c, users, nil
	}
}

// host is what a shared cluster is started with.
type host struct {
	folder, bin string
	user        *syscall.Credential
	linger      float64
}

// enter takes the shared lock that keeps the folder. Nobody can remove it from then on.
func (h host) enter(ctx context.Context) (*os.File, error) {
	if err := os.Mkdir(h.folder, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	if err := h.ours(); err != nil {
		return nil, err
	}
	users, err := lock(ctx, filepath.Join(h.folder, "users"), syscall.LOCK_SH)
	if errors.Is(err, os.ErrNotExist) {
		return nil, errMoved
	}
	return users, err
}

// ours refuses a folder that another user of the machine has put there, and gives our own to PostgreSQL's user.
func (h host) ours() error {
	info, err := os.Lstat(h.folder)
	if errors.Is(err, os.ErrNotExist) {
		return errMoved
	}
	if err != nil {
		return err
	}
	owner := info.Sys().(*syscall.Stat_t).Uid
	if !info.IsDir() || int(owner) != os.Getuid() && (h.user == nil || owner != h.user.Uid) {
		return fmt.Errorf("%s is not ours: remove it", h.folder)
	}
	if err := give(h.folder, h.user); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return errMoved
}

// cluster gives the cluster of the folder, and starts it where nobody watches over one.
func (h host) cluster(ctx context.Context) (_ *Cluster, err error) {
	c := &Cluster{socket: socketFolder(h.folder), port: sharedPort}
	starting, err := lock(ctx, filepath.Join(h.folder, "start"), syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, starting.Close()) }()
	watched, err := h.watched()
	if err != nil {
		return nil, err
	}
	var over <-chan struct{}
	if !watched {
		if over, err = h.begin(); err != nil {
			return nil, err
		}
	}
	err = until(ctx, func() (bool, error) {
		select {
		case <-over:
			return false, errors.New("what runs it ended; is flock, of util-linux, installed?")
		default:
		}
		if _, err := os.Stat(h.ended()); err == nil {
			return false, errors.New("it ended")
		}
		return c.answers(ctx), nil
	})
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, tail(logFile(h.folder)))
	}
	return c, nil
}

// ended is the file that says that PostgreSQL runs no more.
func (h host) ended() string { return filepath.Join(h.folder, "ended") }

// watched says whether the script looks after the folder. Only who holds the lock on "start" may ask.
func (h host) watched() (bool, error) {
	f, err := openLock(filepath.Join(h.folder, "watch"))
	if err != nil {
		return false, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	return errors.Is(err, syscall.EWOULDBLOCK), f.Close()
}

//go:embed watch.sh
var watch string

// begin removes what an earlier run may have left, and starts the script, detached: it outlives this process and gets
// no signal that is meant for it. The channel is closed when the script ends.
func (h host) begin() (<-chan struct{}, error) {
	socket := socketFolder(h.folder)
	for _, path := range []string{dataFolder(h.folder), socket, h.ended()} {
		if err := os.RemoveAll(path); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(os.Mkdir(socket, 0o700), give(socket, h.user)); err != nil {
		return nil, err
	}
	log, err := os.OpenFile(logFile(h.folder), os.O_CREATE|os.O_TRUNC|os.O_WRONLY|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	args := []string{"-c", watch, "watch.sh", h.folder, strconv.FormatFloat(h.linger, 'f', -1, 64), h.bin}
	args = append(args, arguments(dataFolder(h.folder), socket, sharedPort, false, common, careless)...)
	cmd := exec.Command("sh", args...)
	cmd.Stdout, cmd.Stderr, cmd.Dir = log, log, "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: h.user, Setsid: true}
	if err := errors.Join(cmd.Start(), log.Close()); err != nil {
		return nil, err
	}
	over := make(chan struct{})
	go func() {
		_ = cmd.Wait() // why it ended is in its log
		close(over)
	}()
	return over, nil
}
