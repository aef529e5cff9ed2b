// Command bare serves one file from memory with net/http and nothing else: the least that a server of calendars can
// cost. It knows one tag, and no other condition, log or header than the answer needs.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bare:", err) // a terminal that is gone needs no help
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bare", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:0", "address and port")
	file := flags.String("file", "", "what is served")
	_ = flags.String("data", "", "taken as other programs take it, and not used")
	if err := flags.Parse(args); err != nil {
		return err
	}
	body, err := os.ReadFile(*file)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: serving(body)}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	fmt.Printf("bare listens on http://%s\n", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func serving(body []byte) http.HandlerFunc {
	sum := sha256.Sum256(body)
	tag, length := `"`+hex.EncodeToString(sum[:16])+`"`, strconv.Itoa(len(body))
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
		w.Header().Set("Content-Length", length)
		_, _ = w.Write(body) // whoever went away needs no answer
	}
}
