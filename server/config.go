package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"grupa/internal/store"
	"grupa/internal/words"
)

// Config is every setting. The comment of a field is its line in the README; a test compares them.
type Config struct {
	Listen        string     // where to listen: address and port. Beyond this machine only with confirmed help contacts
	MetricsListen string     // where Prometheus reads metrics: address and port, on a private network. Empty: nowhere
	Data          string     // folder of the SQLite database. Made with mode 0700 where there is none
	DatabaseURL   string     // PostgreSQL instead of SQLite: postgres://user@host/database. It holds a password: keep it in a file
	KeyFile       string     // file of the installation's key, never inside the data folder. Made at the first start: keep a copy
	HelpFolder    string     // folder of the help contacts, one file a language. Without it the dated defaults are used
	PublicURL     string     // what addresses of feeds begin with. Empty: http:// and where it listens, which only this machine can reach
	SMTPURL       string     // mail server that notices go out by: smtp:// (STARTTLS) or smtps://, with user:password. Empty: they wait
	MailFrom      string     // address that notices come from, such as office@example.org. A name may stand before it
	Language      words.Lang // language of the programme made at the first start: en, pl, lv or fa
	TimeZone      string     // IANA time zone of the site made at the first start
	Drain         string     // how long it says at /readyz that it stops before it takes no more connections: 0s to 60s
	Recipient     string     // age recipients that backups are encrypted to, with commas between them. Their identities belong elsewhere
	LogLevel      string     // debug, info, warn or error
}

// options are the flags of single commands.
type options struct{ role, name, by, identity string }

type lookup func(key string) (string, bool)

// setting ties a field to its flag, its variable and its default.
type setting struct {
	flag  string
	value *string
	deflt string
	about string
	check func(string) error
	kind  settingKind
}

// settingKind says how carefully a setting is handled.
type settingKind bool

const (
	plain  settingKind = false
	secret settingKind = true // never printed, and may stand in a file that GRUPA_…_FILE names
)

func (s setting) env() string {
	return "GRUPA_" + strings.ToUpper(strings.ReplaceAll(s.flag, "-", "_"))
}

func settings(c *Config) []setting {
	return []setting{
		{"listen", &c.Listen, "127.0.0.1:8080", "where to listen: address and port", checkListen, plain},
		{"metrics-listen", &c.MetricsListen, "", "where Prometheus reads metrics: address and port", checkMetrics, plain},
		{"data", &c.Data, "data", "folder of the SQLite database", checkFolder, plain},
		{"database-url", &c.DatabaseURL, "", "PostgreSQL instead of SQLite", checkDatabase, secret},
		{"key-file", &c.KeyFile, filepath.Join("keys", "grupa.key"), "file of the installation's key", checkFolder, plain},
		{"help-contacts", &c.HelpFolder, "help", "folder of the help contacts", checkFolder, plain},
		{"public-url", &c.PublicURL, "", "what addresses of feeds begin with", checkURL, plain},
		{"smtp-url", &c.SMTPURL, "", "mail server that notices go out by", checkSMTP, secret},
		{"mail-from", &c.MailFrom, "", "address that notices come from", checkSender, plain},
		{"language", (*string)(&c.Language), "en", "language of the programme: en, pl, lv or fa", checkLanguage, plain},
		{"time-zone", &c.TimeZone, "UTC", "IANA time zone of the site", checkZone, plain},
		{"drain", &c.Drain, "0s", "how long it says that it stops before it does", checkDrain, plain},
		// No secret, but its other half is: what was pasted by mistake must not be printed.
		{"backup-recipient", &c.Recipient, "", "age recipients of backups", store.CheckRecipients, secret},
		{"log-level", &c.LogLevel, "info", "debug, info, warn or error", checkLevel, plain},
	}
}

// readConfig takes the settings from flags, then variables, then defaults, and stops at the first that can't be taken.
func readConfig(name string, args []string, env lookup) (Config, options, []string, error) {
	var c Config
	var o options
	all := settings(&c)
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for _, s := range all {
		value, err := s.given(env)
		if err != nil {
			return c, o, nil, err
		}
		flags.StringVar(s.value, s.flag, value, s.about)
	}
	switch name {
	case "person add":
		flags.StringVar(&o.role, "role", "", "")
		flags.StringVar(&o.name, "name", "", "")
	case "token add":
		flags.StringVar(&o.name, "name", "", "")
	case "contacts confirm":
		flags.StringVar(&o.by, "by", "", "")
	case "restore":
		flags.StringVar(&o.identity, "backup-identity", "", "")
	}
	rest, err := parse(flags, args)
	if err != nil {
		return c, o, nil, err
	}
	if err := unknownVariables(all); err != nil {
		return c, o, nil, err
	}
	for _, s := range all {
		if err := s.check(*s.value); err != nil {
			return c, o, nil, s.refused(err)
		}
	}
	return c, o, rest, errors.Join(c.keyOutside(), c.mailComplete())
}

// parse takes flags and plain arguments in any order.
func parse(flags *flag.FlagSet, args []string) (rest []string, err error) {
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, errHelp
			}
			return nil, fmt.Errorf("%w: run it with --help to see the settings", err)
		}
		args = flags.Args()
		if len(args) > 0 {
			rest, args = append(rest, args[0]), args[1:]
		}
	}
	return rest, nil
}

// unknownVariables finds a misspelt variable, which would otherwise silently be a default.
func unknownVariables(all []setting) error {
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		known := slices.ContainsFunc(all, func(s setting) bool {
			return s.env() == name || s.kind == secret && s.fileEnv() == name
		})
		if strings.HasPrefix(name, "GRUPA_") && !known && !strings.HasPrefix(name, "GRUPA_TEST_") &&
			name != "GRUPA_LONG" {
			return fmt.Errorf("there is no setting %s: remove it, or run with --help to see the settings", name)
		}
	}
	return nil
}

// keyOutside keeps the key away from what it locks: a copy of the data folder must not hold both.
func (c Config) keyOutside() error {
	data, err1 := filepath.Abs(c.Data)
	key, err2 := filepath.Abs(c.KeyFile)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if rel, err := filepath.Rel(data, key); err == nil && !strings.HasPrefix(rel, "..") {
		return errors.New("--key-file lies inside --data: put the key elsewhere, so that a copy of one is not both")
	}
	return nil
}
