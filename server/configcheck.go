package main

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"grupa/internal/account"
	"grupa/internal/words"
)

// What a setting must be. Each error says what to write instead.

func checkListen(v string) error {
	if _, port, err := net.SplitHostPort(v); err != nil || port == "" {
		return errors.New("write an address and a port, such as 127.0.0.1:8080")
	}
	return nil
}

// checkMetrics wants the host said: metrics tell nothing of people, but every network is nobody's choice by a slip.
func checkMetrics(v string) error {
	if v == "" {
		return nil
	}
	if host, port, err := net.SplitHostPort(v); err != nil || host == "" || port == "" {
		return errors.New("write an address and a port, such as 127.0.0.1:9464, or nothing")
	}
	return nil
}

// checkDatabase quotes nothing of the URL, which may hold a password; the parser's own error would.
func checkDatabase(v string) error {
	if v == "" {
		return nil
	}
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || len(u.Path) < 2 {
		return errors.New("write postgres://user:password@host/database, with % signs for what an address can't hold, " +
			"or nothing for SQLite")
	}
	return nil
}

// mostDrain keeps a stop within what supervisors wait before they kill.
const mostDrain = time.Minute

func checkDrain(v string) error {
	if d, err := time.ParseDuration(v); err != nil || d < 0 || d > mostDrain {
		return errors.New("write a time from 0s to 60s, such as 5s")
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
