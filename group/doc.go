// Package group owns the life of a group: the group itself, offers of seats, memberships and consent. It may name ids of
// packages intake and calendar; what spans them, such as accepting an offer, is one function here. It leaves out who
// suits a group (package intake), when it meets (package calendar) and storage.
package group
