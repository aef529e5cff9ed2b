package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"

	"grupa/internal/bench/rig"
)

// machine says what the figures were measured on and with.
func machine(ctx context.Context, bench *rig.Bench) (string, error) {
	took, err := flushTimes(ctx, bench.Dir())
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("| machine | |\n| --- | --- |\n")
	fmt.Fprintf(&b, "| processor | %s, %d seen by Go |\n", processor(), runtime.GOMAXPROCS(0))
	fmt.Fprintf(&b, "| system | %s/%s %s |\n", runtime.GOOS, runtime.GOARCH, firstLine("/proc/sys/kernel/osrelease"))
	fmt.Fprintf(&b, "| disk | fdatasync of one page of 4 KiB: p50 %s, p99 %s |\n", span(percentile(took, 50)),
		span(percentile(took, 99)))
	all, err := versions(ctx)
	fmt.Fprintf(&b, "| versions | Grupa %s, %s |\n", commit(ctx), strings.Join(all, ", "))
	return b.String(), err
}

// versions are those of Go, of what the server's speed hangs on, and of its peers.
func versions(ctx context.Context) ([]string, error) {
	all := []string{runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			switch module.Path {
			case "github.com/mattn/go-sqlite3", "gorm.io/gorm", "gorm.io/driver/sqlite", "gorm.io/driver/postgres",
				"github.com/jackc/pgx/v5", "github.com/labstack/echo/v4":
				all = append(all, module.Path+" "+module.Version)
			}
		}
	}
	peers, err := rig.PeerVersions(ctx, "github.com/pocketbase/pocketbase")
	return append(all, peers...), err
}

// commit says what is measured: "unknown" where there is no git, or no repository.
func commit(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

var modelName = regexp.MustCompile(`(?m)^model name\s*: (.+)$`)

func processor() string {
	raw, err := os.ReadFile("/proc/cpuinfo")
	if found := modelName.FindSubmatch(raw); err == nil && found != nil {
		return string(found[1])
	}
	return "unknown"
}

// firstLine is empty where there is no such file, as on systems other than Linux.
func firstLine(path string) string {
	raw, _ := os.ReadFile(path)
	line, _, _ := strings.Cut(string(raw), "\n")
	return line
}
