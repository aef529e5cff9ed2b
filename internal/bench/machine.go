package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"

	"grupa/internal/bench/rig"
)

// machine says what the figures were measured on and with.
func machine(context.Context, *rig.Bench, turns) (string, error) {
	var b strings.Builder
	b.WriteString("| machine | |\n| --- | --- |\n")
	fmt.Fprintf(&b, "| processor | %s, %d seen by Go |\n", processor(), runtime.GOMAXPROCS(0))
	fmt.Fprintf(&b, "| system | %s/%s %s |\n", runtime.GOOS, runtime.GOARCH, firstLine("/proc/sys/kernel/osrelease"))
	fmt.Fprintf(&b, "| versions | %s", runtime.Version())
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			switch module.Path {
			case "github.com/mattn/go-sqlite3", "gorm.io/gorm", "gorm.io/driver/sqlite":
				fmt.Fprintf(&b, ", %s %s", module.Path, module.Version)
			}
		}
	}
	b.WriteString(" |\n")
	return b.String(), nil
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
