// Command pocketbase is PocketBase as its authors ship it, but for the JavaScript that it can run, with one collection
// of the shape of an intake form, and with its log of requests off. It is a peer to be measured against; nobody runs it
// for real.
//
//	pocketbase --listen 127.0.0.1:0 --data FOLDER         serve
//	pocketbase seed --rows N --data FOLDER                fill the collection and end
package main

import (
	"flag"
	"fmt"
	"net"
	"os"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "pocketbase:", err) // a terminal that is gone needs no help
		os.Exit(1)
	}
}

func run(args []string) error {
	seeding := len(args) > 0 && args[0] == "seed"
	if seeding {
		args = args[1:]
	}
	flags := flag.NewFlagSet("pocketbase", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:0", "address and port")
	data := flags.String("data", "data", "folder of the database")
	rows := flags.Int("rows", 0, "how many rows to make")
	if err := flags.Parse(args); err != nil {
		return err
	}
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: *data, HideStartBanner: true})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if seeding {
		return seed(app, *rows)
	}
	return serve(app, *listen)
}

// serve runs PocketBase's own command until the process is told to stop.
func serve(app *pocketbase.PocketBase, listen string) error {
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := collect(e.App); err != nil {
			return err
		}
		listener, err := net.Listen("tcp", listen)
		if err != nil {
			return err
		}
		e.Listener, e.InstallerFunc = listener, nil // the installer opens a browser
		if err := e.Next(); err != nil {
			return err
		}
		fmt.Printf("PocketBase listens on http://%s\n", listener.Addr())
		return nil
	})
	app.RootCmd.SetArgs([]string{"serve"})
	return app.Start()
}
