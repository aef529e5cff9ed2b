// Command floor is the least that a server of intake forms could do in this language with this database: bare Echo, the
// record checked by validator, screened by the real criteria of the real catalogue with every reason in the answer, and
// stored as one plain row by group commit with synchronous=FULL. It seals nothing, audits nothing, knows no people and
// no states, and is there to be measured against; nobody runs it for real.
//
//	floor --listen 127.0.0.1:0 --data FOLDER [--together N]     serve
//	floor seed --rows N --data FOLDER                           fill the table and end
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"grupa/internal/bench/rig"
)

func main() { rig.Main("floor", run) }

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	seeding := len(args) > 0 && args[0] == "seed"
	if seeding {
		args = args[1:]
	}
	flags := flag.NewFlagSet("floor", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:0", "address and port")
	data := flags.String("data", "data", "folder of the database")
	together := flags.Int("together", 128, "how many rows share a commit at most")
	rows := flags.Int("rows", 0, "how many rows to make")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := os.MkdirAll(*data, 0o700); err != nil {
		return err
	}
	t, err := openTable(ctx, *data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	if seeding {
		return t.seed(ctx, *rows)
	}
	t.serve(*together)
	handler, err := newHandler(t)
	if err != nil {
		return err
	}
	return serve(ctx, *listen, handler, out)
}

// serve serves until ctx ends and the requests in flight are answered.
func serve(ctx context.Context, listen string, handler http.Handler, out io.Writer) error {
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if _, err := fmt.Fprintf(out, "The floor listens on http://%s.\n", listener.Addr()); err != nil {
		return err
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return server.Shutdown(context.WithoutCancel(ctx))
	}
}
