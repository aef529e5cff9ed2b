// Package calendar owns series, sessions, rooms, conflicts and their times: from a group to an entry in a phone.
// It leaves out storage, groups and who may come.
package calendar
