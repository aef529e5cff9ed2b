package screen

import "slices"

// day is its length in minutes by the clock on the wall.
const day = 24 * 60

// span is a stretch of the week in minutes after Monday's midnight, to not included.
type span struct{ from, to int }

// freeTime is when the slots say that somebody can come: the stretches in order, apart from each other. A stretch may
// pass midnight, but not from Sunday to Monday. Slots that are not of this world are left out. It uses the memory of
// free.
func freeTime(free []span, slots []Slot) []span {
	var taken []span
	free = slices.Grow(free[:0], len(slots))
	for _, s := range slots {
		if !s.valid() {
			continue
		}
		at := span{(s.Weekday-1)*day + s.From, (s.Weekday-1)*day + s.To}
		if s.Kind == Unavailable {
			taken = append(taken, at)
		} else {
			free = append(free, at)
		}
	}
	return without(merged(free), merged(taken))
}

func (s Slot) valid() bool {
	return s.Weekday >= 1 && s.Weekday <= 7 && s.From >= 0 && s.From < s.To && s.To <= day
}

// merged sorts the spans and joins those that touch. It uses the memory of its argument.
func merged(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	joined := spans[:0]
	for _, s := range spans {
		if last := len(joined) - 1; last >= 0 && s.from <= joined[last].to {
			joined[last].to = max(joined[last].to, s.to)
		} else {
			joined = append(joined, s)
		}
	}
	return joined
}

// without cuts the taken spans out of the free ones; both are merged.
func without(free, taken []span) []span {
	if len(taken) == 0 {
		return free
	}
	var rest []span
	for _, s := range free {
		for _, t := range taken {
			if t.to <= s.from || t.from >= s.to {
				continue
			}
			if t.from > s.from {
				rest = append(rest, span{s.from, t.from})
			}
			s.from = t.to
		}
		if s.from < s.to {
			rest = append(rest, s)
		}
	}
	return rest
}

// meet says whether the two have one common stretch of so many minutes; both are merged.
func meet(a, b []span, minutes int) bool {
	for len(a) > 0 && len(b) > 0 {
		if min(a[0].to, b[0].to)-max(a[0].from, b[0].from) >= minutes {
			return true
		}
		if a[0].to < b[0].to {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return false
}
