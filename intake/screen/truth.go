package screen

// Truth is a truth value of Kleene's strong three-valued logic. The zero value is Unknown, so that a forgotten one
// asks and never decides.
type Truth int8

// The truth values, in Kleene's order: "and" is the least, "or" the greatest.
const (
	False   Truth = -1
	Unknown Truth = 0
	True    Truth = 1
)

// String is "false", "unknown" or "true".
func (t Truth) String() string {
	switch t {
	case False:
		return "false"
	case True:
		return "true"
	default:
		return "unknown"
	}
}

// known turns a decided question into a Truth.
func known(yes bool) Truth {
	if yes {
		return True
	}
	return False
}

// atLeast is true if enough of the parts are, false if too few can still become so.
func atLeast(count, yes, open int) Truth {
	switch {
	case yes >= count:
		return True
	case yes+open < count:
		return False
	default:
		return Unknown
	}
}

// compare holds the operator against every number of the interval: true for all, false for none, else unknown.
func compare(op Op, is Interval, lo, hi float64) Truth {
	switch op {
	case Lt:
		return decided(is.Hi < lo, is.Lo >= lo)
	case Le:
		return decided(is.Hi <= lo, is.Lo > lo)
	case Gt:
		return decided(is.Lo > lo, is.Hi <= lo)
	case Ge:
		return decided(is.Lo >= lo, is.Hi < lo)
	case Eq:
		return decided(is.Lo == lo && is.Hi == lo, is.Lo > lo || is.Hi < lo)
	case Ne:
		return -compare(Eq, is, lo, hi)
	case Between:
		return decided(is.Lo >= lo && is.Hi <= hi, is.Hi < lo || is.Lo > hi)
	default:
		return Unknown
	}
}

func decided(yes, no bool) Truth {
	switch {
	case yes:
		return True
	case no:
		return False
	default:
		return Unknown
	}
}
