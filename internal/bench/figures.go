package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// percentile gives the value that p percent are not above. There must be one.
func percentile[T time.Duration | float64](values []T, p int) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)-1)*p/100]
}

// median gives the middle value, or the mean of the two in the middle.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// over gives the ratio of two ways that took turns: the median of the rounds, and the least and the most.
func (m measured) over(other measured) string {
	var ratios []float64
	for n := range m.rates {
		ratios = append(ratios, m.rates[n]/other.rates[n])
	}
	return fmt.Sprintf("%.2f× [%.2f–%.2f]", median(ratios), slices.Min(ratios), slices.Max(ratios))
}

// table has a row a way, with its rate and times, and a row a ratio under it.
func table(title string, all []measured, ratios ...[2]int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | clients | a second | p50 | p99 |\n| --- | --- | --- | --- | --- |\n", title)
	for _, m := range all {
		fmt.Fprintf(&b, "| %s | %d | %.0f | %s | %s |\n", m.name, m.clients, median(m.rates),
			millis(percentile(m.took, 50)), millis(percentile(m.took, 99)))
	}
	for _, r := range ratios {
		above, below := all[r[0]], all[r[1]]
		fmt.Fprintf(&b, "| **%s (%d) / %s (%d)** | | **%s** | | |\n", above.name, above.clients, below.name,
			below.clients, above.over(below))
	}
	return b.String()
}

func millis(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}

func micros(d time.Duration) string {
	return fmt.Sprintf("%.0f µs", float64(d)/float64(time.Microsecond))
}
