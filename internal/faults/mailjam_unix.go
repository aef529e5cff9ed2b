//go:build unix

package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"
)

// jam is an address that listens and takes no more connections: whoever dials it waits.
type jam struct {
	address string
	socket  int
	waiting []net.Conn // that fill its queue
}

// newJam makes one. Whoever makes one closes it.
func newJam() (*jam, error) {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(socket)
	j := &jam{socket: socket}
	if err := j.listen(); err != nil {
		return nil, errors.Join(err, j.close())
	}
	for range 100 {
		conn, err := net.DialTimeout("tcp", j.address, 300*time.Millisecond)
		if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
			return j, nil
		}
		if err != nil {
			return nil, errors.Join(err, j.close())
		}
		j.waiting = append(j.waiting, conn)
	}
	return nil, errors.Join(errors.New("a queue of connections never fills"), j.close())
}

func (j *jam) listen() error {
	if err := syscall.Bind(j.socket, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return err
	}
	if err := syscall.Listen(j.socket, 0); err != nil {
		return err
	}
	name, err := syscall.Getsockname(j.socket)
	if err != nil {
		return err
	}
	j.address = fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
	return nil
}

func (j *jam) close() error {
	err := syscall.Close(j.socket)
	for _, conn := range j.waiting {
		_ = conn.Close() // reset by the close before
	}
	return err
}
