package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"grupa/internal/account"
	"grupa/internal/words"
)

// Config is every setting. The comment of a field is its line in the README; a test compares them.
type Config struct {
	Listen     string     // where to listen: address and port. Beyond this machine only with confirmed help contacts
	Data       string     // folder of the database. Made with mode 0700 where there is none
	KeyFile    string     // file of the installation's key, never inside the data folder. Made at the first start: keep a copy
	HelpFolder string     // folder of the help contacts, one file a language. Without it the dated defaults are used
	PublicURL  string     // what addresses of feeds begin with. Empty: http:// and where it listens, which only this machine can reach
	Language   words.Lang // language of the programme made at the first start: en, pl, lv or fa
	TimeZone   string     // IANA time zone of the site made at the first start
	LogLevel   string     // debug, info, warn or error
}

// options are the flags of single commands.
type options struct{ role, name, by string }

type lookup func(key string) (string, bool)

// setting ties a field to its flag, its variable and its default.
type setting struct {
	flag  string
	value *string
	deflt string
	about string
	check func(string) error
}

func (s setting) env() string {
	return "GRUPA_" + strings.ToUpper(strings.ReplaceAll(s.flag, "-", "_"))
}

func settings(c *Config) []setting {
	return []setting{
		{"listen", &c.Listen, "127.0.0.1:8080", "where to listen: address and port", checkListen},
		{"data", &c.Data, "data", "folder of the database", checkFolder},
		{"key-file", &c.KeyFile, filepath.Join("keys", "grupa.key"), "file of the installation's key", checkFolder},
		{"help-contacts", &c.HelpFolder, "help", "folder of the help contacts", checkFolder},
		{"public-url", &c.PublicURL, "", "what addresses of feeds begin with", checkURL},
		{"language", (*string)(&c.Language), "en", "language of the programme: en, pl, lv or fa", checkLanguage},
		{"time-zone", &c.TimeZone, "UTC", "IANA time zone of the site", checkZone},
		{"log-level", &c.LogLevel, "info", "debug, info, warn or error", checkLevel},
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
		deflt := s.deflt
		if v, ok := env(s.env()); ok {
			deflt = v
		}
		flags.StringVar(s.value, s.flag, deflt, s.about)
	}
	switch name {
	case "person add":
		flags.StringVar(&o.role, "role", "", "")
		flags.StringVar(&o.name, "name", "", "")
	case "token add":
		flags.StringVar(&o.name, "name", "", "")
	case "contacts confirm":
		flags.StringVar(&o.by, "by", "", "")
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
			return c, o, nil, fmt.Errorf("--%s (%s) is %q: %w", s.flag, s.env(), *s.value, err)
		}
	}
	return c, o, rest, c.keyOutside()
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
		known := slices.ContainsFunc(all, func(s setting) bool { return s.env() == name })
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

func checkListen(v string) error {
	if _, port, err := net.SplitHostPort(v); err != nil || port == "" {
		return errors.New("write an address and a port, such as 127.0.0.1:8080")
	}
	return nil
}

// loopback says whether only this machine can reach the address.
func loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func checkFolder(v string) error {
	if strings.TrimSpace(v) == "" {
		return errors.New("write a path")
	}
	return nil
}

func checkURL(v string) error {
	if v == "" {
		return nil
	}
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.HasSuffix(v, "/") ||
		u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return errors.New("write an address such as https://groups.example.org, without a slash at the end")
	}
	return nil
}

func checkLanguage(v string) error {
	if !words.Known(v) {
		return errors.New("write en, pl, lv or fa")
	}
	return nil
}

func checkZone(v string) error {
	if _, err := account.Zone(v); err != nil {
		return errors.New("write an IANA name, such as Europe/Warsaw")
	}
	return nil
}

func checkLevel(v string) error {
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, v) {
		return errors.New("write debug, info, warn or error")
	}
	return nil
}
