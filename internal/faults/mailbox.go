package main

import (
	"errors"
	"io"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
)

// moment is a point of the dialogue with a mail server.
type moment int

const (
	never   moment = iota
	dialled        // the connection is there, nothing was said
	hadMail        // the whole mail came, nothing was said to it
	wasTold        // the sender has read that the mail was taken, and says good-bye
)

// letter is a mail that came in whole.
type letter struct {
	id string // its Message-ID
	to string
}

// mailbox is a mail server on loopback that takes every mail. It can be made to halt at a moment of the next dialogue,
// until the one it speaks with is gone.
type mailbox struct {
	listener net.Listener
	all      sync.WaitGroup

	mu      sync.Mutex
	letters []letter
	open    map[net.Conn]bool
	halt    moment        // never: nowhere
	halted  chan struct{} // closed when that was reached
	free    chan struct{} // closed when dialogues may go on
}

// newMailbox opens a mail server. Whoever makes one closes it.
func newMailbox() (*mailbox, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &mailbox{listener: l, open: map[net.Conn]bool{}}
	b.all.Go(b.accept)
	return b, nil
}

// settings are what a server is told to send its mail here.
func (b *mailbox) settings() []string { return mailSettings(b.listener.Addr().String()) }

func mailSettings(address string) []string {
	return []string{"--smtp-url", "smtp://" + address, "--mail-from", "office@example.org"}
}

func (b *mailbox) accept() {
	for {
		conn, err := b.listener.Accept()
		if err != nil {
			return
		}
		b.mu.Lock()
		b.open[conn] = true
		b.mu.Unlock()
		b.all.Go(func() { b.talk(conn) })
	}
}

// close hangs up on everybody and waits.
func (b *mailbox) close() error {
	b.goOn()
	err := b.listener.Close()
	b.mu.Lock()
	for conn := range b.open {
		err = errors.Join(err, conn.Close())
	}
	b.mu.Unlock()
	b.all.Wait()
	return err
}

// haltAt lets the next dialogue that gets there halt; the channel is closed then.
func (b *mailbox) haltAt(m moment) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.halt, b.halted, b.free = m, make(chan struct{}), make(chan struct{})
	return b.halted
}

// goOn lets the dialogue go on that was halted.
func (b *mailbox) goOn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.free != nil {
		close(b.free)
	}
	b.halt, b.free = never, nil
}

func (b *mailbox) reached(m moment) {
	b.mu.Lock()
	free := b.free
	stop := b.halt == m
	if stop {
		b.halt = never
		close(b.halted)
	}
	b.mu.Unlock()
	if stop && free != nil {
		<-free
	}
}

// copies gives the Message-IDs of what came for an address.
func (b *mailbox) copies(to string) (ids []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.letters {
		if l.to == to {
			ids = append(ids, l.id)
		}
	}
	return ids
}

func (b *mailbox) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.letters)
}

// talk is one dialogue, as far as a well-behaved sender goes (RFC 5321).
func (b *mailbox) talk(conn net.Conn) {
	defer func() {
		_ = conn.Close() // the sender may have closed it
		b.mu.Lock()
		delete(b.open, conn)
		b.mu.Unlock()
	}()
	b.reached(dialled)
	text := textproto.NewConn(conn)
	to := ""
	err := text.PrintfLine("220 localhost ready")
	for err == nil {
		var line string
		if line, err = text.ReadLine(); err != nil {
			return
		}
		word, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(word) {
		case "DATA":
			err = b.take(text, to)
		case "RCPT":
			to = between(rest, '<', '>')
			err = text.PrintfLine("250 ok")
		case "QUIT":
			b.reached(wasTold)
			_ = text.PrintfLine("221 bye")
			return
		default:
			err = text.PrintfLine("250 ok")
		}
	}
}

func (b *mailbox) take(text *textproto.Conn, to string) error {
	if err := text.PrintfLine("354 go on"); err != nil {
		return err
	}
	m, err := mail.ReadMessage(text.DotReader())
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, m.Body); err != nil {
		return err // it broke off, so it is none
	}
	b.mu.Lock()
	b.letters = append(b.letters, letter{m.Header.Get("Message-Id"), to})
	b.mu.Unlock()
	b.reached(hadMail)
	return text.PrintfLine("250 taken")
}

func between(text string, from, to rune) string {
	start, end := strings.IndexRune(text, from), strings.IndexRune(text, to)
	if start < 0 || end < start {
		return text
	}
	return text[start+1 : end]
}
