package pgrun

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// unprivileged is whom PostgreSQL runs as: nobody where we are root, for which it refuses to run, and nil, which means
// ourselves, elsewhere.
func unprivileged() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL refuses to run as root: %w", err)
	}
	uid, err := strconv.ParseUint(nobody.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(nobody.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// give makes a folder or file PostgreSQL's own.
func give(path string, to *syscall.Credential) error {
	if to == nil {
		return nil
	}
	return os.Lchown(path, int(to.Uid), int(to.Gid))
}

// base is where folders are made: the place for temporary files, if PostgreSQL's user can get there and the path of a
// socket below it is not too long for the system.
func base() string {
	const longest = "/grupa-pg-4294967295-4194304-18446744073709551615/s" // user, process, its start
	if dir := os.TempDir(); os.Getuid() != 0 && len(dir)+len(longest) <= longestSocketDir {
		return dir
	}
	return "/tmp"
}

// longestSocketDir leaves room for the name of the socket: a path has 104 bytes on the meanest system.
const longestSocketDir = 104 - len("/.s.PGSQL.65535") - 1
