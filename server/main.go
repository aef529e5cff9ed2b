// Command server runs Grupa: it reads the settings, wires the packages together and lives until it is told to stop. Its
// subcommands are the tools of whoever owns the host. It leaves out everything that is said over HTTP (package api).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // where the host has no time zone database
)

// gcPercent lets the heap, of which little lives longer than a request, grow to a few times what lives. It stays some
// tens of megabytes, and a fifth of the processor is saved.
const gcPercent = 400

func main() {
	syscall.Umask(0o077) // every file that is made here is the owner's alone
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	code := run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// command is one of the subcommands. flags are its own; every command takes the settings too.
type command struct {
	name    string // as typed, words with a space between
	summary string
	run     func(ctx context.Context, p *program) error
}

func commands() []command {
	return []command{
		{"serve", "run the server (this is also what no command means)", serve},
		{"demo", "run on a throw-away folder with a believable programme in it", demo},
		{"person add", "add a login: person add EMAIL --role ROLE [--name NAME]", personAdd},
		{"person disable", "take every role and token from a login, at once: person disable EMAIL", personDisable},
		{"token add", "print an API token, once: token add EMAIL --name NAME", tokenAdd},
		{"contacts confirm", "confirm the help contacts: contacts confirm --by NAME", contactsConfirm},
		{"backup", "write a copy of everything but the key: backup FILE", backup},
		{"restore", "put a backup into an empty place: restore FILE [--backup-identity FILE]", restore},
		{"migrate", "bring the schema up to this version", migrate},
		{"check", "verify database, audit trail, keys and settings", check},
	}
}

// program is one run of a command.
type program struct {
	Config
	args []string // what is left when the settings are taken out
	opts options  // flags of single commands
	out  io.Writer
	err  io.Writer

	metrics *metrics   // of a server; nil in commands that end by themselves
	access  *accessLog // of a server that logs requests; nil otherwise
}

// run is main without the process: tests start the whole program with it.
func run(ctx context.Context, args []string, env lookup, out, errOut io.Writer) int {
	cmd, rest, err := choose(args)
	if errors.Is(err, errHelp) {
		usage(out)
		return 0
	}
	p := &program{out: out, err: errOut}
	if err == nil {
		p.Config, p.opts, p.args, err = readConfig(cmd.name, rest, env)
	}
	if errors.Is(err, errHelp) {
		usage(out)
		return 0
	}
	if err == nil {
		err = cmd.run(ctx, p)
	}
	if err != nil {
		_, _ = fmt.Fprintf(errOut, "grupa: %s\n", sentence(err))
		return 1
	}
	return 0
}
