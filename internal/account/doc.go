// Package account owns people and who may act as what: programmes and sites, members of staff with their roles, the
// Caller that every unit of work carries, and the secrets that prove who calls. It leaves out how a secret arrives,
// where it is stored, and every decision about forms, groups and calendars.
package account
