// Package screen evaluates the criteria of a group type over one person's answers: three-valued, with scores as
// intervals, each outcome with the answers it quotes. It owns the form that criteria are written in and their check
// when loaded. It leaves out forms, group types, languages and storage: it says which criterion and which answer, and
// others say it in words.
package screen
