// Package notify owns the mail that leaves the house: the worker that takes it from the outbox, its words, and how it
// is handed to a mail server. It leaves out who is told of what and when, which the rules decide and write down in the
// unit that causes it, and how a mail waits, which is the store's.
//
// A mail is sent at least once. Whatever is sent twice, since a process died in between, carries one Message-ID.
package notify
