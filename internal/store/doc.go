// Package store keeps everything in a database, through gorm, and hands it out in units of work: Update writes, View
// reads one snapshot. It owns rows, migrations, sealing, the audit trail and the guarantee that what was answered is on
// disk. It leaves out every rule: those are functions in intake, group, calendar and account over the small Tx interface
// that each declares, which *Tx satisfies. One file an aggregate: its row, both converters, its queries.
package store
