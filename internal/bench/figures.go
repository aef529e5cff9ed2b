package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// percentile gives the value that p percent are not above. There must be one.
func percentile[T time.Duration | float64](values []T, p int) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)-1)*p/100]
}

// median gives the middle value, or the mean of the two in the middle.
func median[T time.Duration | float64](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// over gives how many times as fast as the other a way was, round by round, since those turns stood side by side.
func (m measured) over(other measured) ratio {
	rounds := make([]float64, len(m.rates))
	for n := range m.rates {
		rounds[n] = m.rates[n] / other.rates[n]
	}
	return ratioOf(rounds)
}

// timeOver gives how many times as long as the other a way took.
func (m measured) timeOver(other measured) ratio { return other.over(m) }

// p99Over gives how many times as long as the other's the slowest hundredth of a way took at least, round by round.
func (m measured) p99Over(other measured) ratio {
	rounds := make([]float64, len(m.took))
	for n := range m.took {
		rounds[n] = float64(percentile(m.took[n], 99)) / float64(percentile(other.took[n], 99))
	}
	return ratioOf(rounds)
}

// figures has a line a way, with its rate, its times and the processor time of its servers for one.
func figures(title string, all ...measured) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | clients | a second | p50 | p99 | server CPU for one |\n", title)
	b.WriteString("| --- | --: | --: | --: | --: | --: |\n")
	for _, m := range all {
		took := slices.Concat(m.took...)
		cpu := ""
		if len(m.servers) > 0 {
			cpu = span(median(m.cpu))
		}
		batch := time.Duration(m.batch)
		fmt.Fprintf(&b, "| %s | %d | %s | %s | %s | %s |\n", m.name, m.clients, digits(median(m.rates)),
			span(percentile(took, 50)/batch), span(percentile(took, 99)/batch), cpu)
	}
	return b.String()
}

// digits writes a number with as many digits as it can be known to.
func digits(v float64) string {
	switch {
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case v >= 0.1:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'f', 4, 64)
}

// span writes a time in the unit that suits it.
func span(d time.Duration) string {
	if d < time.Millisecond {
		return digits(float64(d)/float64(time.Microsecond)) + " µs"
	}
	return digits(float64(d)/float64(time.Millisecond)) + " ms"
}

// size writes octets in megabytes of 2^20.
func size(octets int64) string { return digits(float64(octets)/(1<<20)) + " MB" }
