package api

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// refLimits is what a value must keep to. The contract says it in two places, in the schema and in the checks that the
// generated types get; the reader should see both, and they must not differ.
type refLimits struct {
	least, most, exact string
	values             []string
	words              []string
}

// unsaid stands before a check of the validator that the reference has no words for.
const unsaid = "passes the check "

// checksIn takes the validator's tag out of the extensions of a parameter or a schema.
func checksIn(extensions map[string]any) string {
	tags, _ := extensions["x-oapi-codegen-extra-tags"].(map[string]any)
	checks, _ := tags["validate"].(string)
	return checks
}

// limitsOf gives the limits of a value in words, those of the items of a list with them, and the values allowed.
func limitsOf(s *openapi3.Schema, checks string) (said, values []string, err error) {
	outer, inner, _ := strings.Cut(checks, "dive")
	var own refLimits
	if err := own.read(s, outer); err != nil {
		return nil, nil, err
	}
	said, values = own.say(unitOf(s)), own.values
	if !s.Type.Is("array") {
		return said, values, nil
	}
	var each refLimits
	items := s.Items.Value
	if s.Items.Ref != "" {
		items = &openapi3.Schema{}
	}
	if err := each.read(items, inner); err != nil {
		return nil, nil, err
	}
	for _, w := range each.say(unitOf(items)) {
		said = append(said, "each "+w)
	}
	return said, each.values, nil
}

func unitOf(s *openapi3.Schema) string {
	switch {
	case s.Type.Is("string"):
		return " characters"
	case s.Type.Is("array"):
		return " items"
	}
	return ""
}

func (l *refLimits) read(s *openapi3.Schema, checks string) error {
	if err := l.readSchema(s); err != nil {
		return err
	}
	for check := range strings.SplitSeq(checks, ",") {
		if err := l.readCheck(check); err != nil {
			return err
		}
	}
	return nil
}

func (l *refLimits) readSchema(s *openapi3.Schema) error {
	if s.ExclusiveMin.IsSet() || s.ExclusiveMax.IsSet() || s.MultipleOf != nil || s.UniqueItems || s.Const != nil {
		return errors.New("the reference has no words for exclusive bounds, multipleOf, uniqueItems and const")
	}
	for _, v := range s.Enum {
		l.values = append(l.values, fmt.Sprint(v))
	}
	if s.Min != nil {
		l.least = strconv.FormatFloat(*s.Min, 'f', -1, 64)
	}
	if s.Max != nil {
		l.most = strconv.FormatFloat(*s.Max, 'f', -1, 64)
	}
	if least := max(s.MinLength, s.MinItems); least > 0 {
		l.least = strconv.FormatUint(least, 10)
	}
	for _, most := range []*uint64{s.MaxLength, s.MaxItems} {
		if most != nil {
			l.most = strconv.FormatUint(*most, 10)
		}
	}
	if s.Pattern != "" {
		l.words = append(l.words, "matches "+s.Pattern)
	}
	if s.Nullable {
		l.words = append(l.words, "may be null")
	}
	return nil
}

// readCheck reads one rule of the validator. One that has no words yet is shown as it is: a limit that is kept back
// misleads.
func (l *refLimits) readCheck(check string) error {
	name, arg, _ := strings.Cut(check, "=")
	switch name {
	case "", "-", "required", "omitempty": // the contract's own "required" is shown
		return nil
	case "min":
		return agree(&l.least, name, arg)
	case "max":
		return agree(&l.most, name, arg)
	case "len":
		return agree(&l.exact, name, arg)
	case "oneof":
		values := strings.Fields(arg)
		if l.values != nil && !slices.Equal(l.values, values) {
			return fmt.Errorf("it allows %v and checks for %v", l.values, values)
		}
		l.values = values
		return nil
	}
	words, ok := map[string]string{
		"alphanum": "letters and digits", "printascii": "printable ASCII", "email": "a mail address",
	}[name]
	if !ok {
		words = unsaid + check
	}
	l.words = append(l.words, words)
	return nil
}

func agree(bound *string, name, arg string) error {
	if *bound != "" && *bound != arg {
		return fmt.Errorf("it says %s and checks %s=%s", *bound, name, arg)
	}
	*bound = arg
	return nil
}

func (l *refLimits) say(unit string) []string {
	var said []string
	switch {
	case l.exact != "":
		said = append(said, "exactly "+l.exact+unit)
	case l.least != "" && l.most != "":
		said = append(said, l.least+" to "+l.most+unit)
	case l.least != "":
		said = append(said, "at least "+l.least+unit)
	case l.most != "":
		said = append(said, "at most "+l.most+unit)
	}
	return append(said, l.words...)
}
