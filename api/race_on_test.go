//go:build race

package api_test

// raced: the race detector makes everything here ten times as slow.
const raced = true
