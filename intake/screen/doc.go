// Package screen evaluates the criteria of a group type over one person's answers: three-valued, with scores as
// intervals, every criterion with its outcome. It owns the form that criteria are written in and their check when
// loaded. It leaves out forms, group types, languages and storage: it says which criterion came out how, and others say
// it in words and quote the answers.
package screen
