// Package pgrun starts a private PostgreSQL from the binaries that are installed: one for the length of a program, or
// one that all test binaries of a run share. It owns the processes, their folders and the databases in them, and leaves
// no trace of them behind. It leaves out schemas and data.
//
// It is test support: nothing outside tests, storetest and the programs under internal/bench and internal/faults
// imports it. It talks to PostgreSQL with pgx alone, so that a fault of the store can't hide in it.
package pgrun
