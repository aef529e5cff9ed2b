// Package intake owns the way from a form to a decision: forms and their answers, applications and their states, group
// types, screenings with their reasons, and what a coordinator decides. It leaves out groups and seats (package group),
// times (package calendar) and storage. What a criterion means is in intake/screen, the forms and types that Grupa
// ships are in intake/catalogue.
package intake
