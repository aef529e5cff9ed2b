package pgrun

import (
	"path/filepath"
	"strconv"
)

// common is what every cluster is told: many replicas, or all the tests of a run, connect to one.
var common = []string{"max_connections=400"}

// careless is for data that nobody needs after the run: nothing is forced to disk.
var careless = []string{
	"fsync=off", "synchronous_commit=off", "full_page_writes=off",
	"wal_level=minimal", "max_wal_senders=0", "max_wal_size=2GB", "checkpoint_timeout=1h",
	"shared_buffers=64MB", "jit=off", "max_parallel_workers_per_gather=0", // the tests are parallel already
	// It would look into hundreds of databases that live for a second.
	"autovacuum=off",
	// In the data folder, so that a kill leaves nothing outside it.
	"dynamic_shared_memory_type=mmap",
	// Tests provoke errors; the log is for a server that fails.
	"log_min_messages=fatal", "log_min_error_statement=panic",
}

// arguments is the command line of postgres.
func arguments(data, socket string, port int, tcp bool, settings ...[]string) []string {
	args := []string{"-D", data, "-k", socket, "-p", strconv.Itoa(port)}
	listen := ""
	if tcp {
		listen = loopback
	}
	args = append(args, "-c", "listen_addresses="+listen)
	for _, group := range settings {
		for _, s := range group {
			args = append(args, "-c", s)
		}
	}
	return args
}

// initial is the command line of initdb; watch.sh has its like. Whoever gets to the socket's folder is let in; over TCP
// the password is asked for, since every user of the machine gets there.
func initial(data, passwordFile string) []string {
	return []string{"-D", data, "-U", superuser, "--encoding=UTF8", "--locale=C", "--no-sync",
		"--auth-local=trust", "--auth-host=scram-sha-256", "--pwfile=" + passwordFile}
}

func dataFolder(folder string) string { return filepath.Join(folder, "data") }

func socketFolder(folder string) string { return filepath.Join(folder, "s") }

func logFile(folder string) string { return filepath.Join(folder, "log") }
