package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"grupa/internal/fault"
	"grupa/internal/words"
)

var errHelp = errors.New("help was asked for")

// choose finds the command that the arguments begin with.
func choose(args []string) (command, []string, error) {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") && !isHelp(args[0]) {
		return commands()[0], args, nil
	}
	if isHelp(args[0]) {
		return command{}, nil, errHelp
	}
	for _, c := range commands() {
		n := len(strings.Fields(c.name))
		if len(args) >= n && strings.Join(args[:n], " ") == c.name {
			return c, args[n:], nil
		}
	}
	return command{}, nil, fmt.Errorf("there is no command %q: run it with --help to see the commands", args[0])
}

func isHelp(arg string) bool {
	return arg == "help" || arg == "-h" || arg == "-help" || arg == "--help"
}

func usage(out io.Writer) {
	var b strings.Builder
	b.WriteString("Grupa: intake and scheduling for group work.\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-17s %s\n", c.name, c.summary)
	}
	b.WriteString("\nSettings, as flags or environment variables:\n")
	for _, s := range settings(&Config{}) {
		variable := s.env()
		if s.kind == secret {
			variable += "[_FILE]"
		}
		fmt.Fprintf(&b, "  --%-16s %-29s %s\n", s.flag, variable, s.about)
	}
	_, _ = io.WriteString(out, b.String()) // a terminal that is gone needs no help
}

// sentence says an error to whoever sits at the terminal: ours in words, others as they are.
func sentence(err error) string {
	e := fault.Of(err)
	if e == nil {
		return err.Error()
	}
	parts := []string{words.Say(words.English, "problem."+e.Code, e.Args)}
	for _, f := range e.Fields {
		parts = append(parts, f.Path+": "+words.Say(words.English, "field."+f.Code, f.Args))
	}
	return strings.Join(parts, " ")
}
