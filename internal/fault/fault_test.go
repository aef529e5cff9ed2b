package fault_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"grupa/internal/fault"
)

var errTaken = fault.New(fault.Conflict, "seat_taken")

func TestAnErrorNobodyThoughtAboutIsInternal(t *testing.T) {
	t.Parallel()
	for _, err := range []error{io.EOF, fmt.Errorf("wrapped: %w", io.EOF), errors.Join(io.EOF), nil} {
		if fault.Of(err) != nil || fault.KindOf(err) != fault.Internal {
			t.Errorf("%v is taken for one of ours", err)
		}
	}
	var zero fault.Error
	if zero.Kind != fault.Internal {
		t.Error("the zero kind looks harmless")
	}
}

func TestErrorsAreToldApartByKindAndCode(t *testing.T) {
	t.Parallel()
	same := fmt.Errorf("offer: %w", errTaken.With("a", "b").Because(io.EOF).Over(fault.Clash{ID: "R"}))
	if !errors.Is(same, errTaken) || !errors.Is(same, io.EOF) || fault.KindOf(same) != fault.Conflict {
		t.Errorf("%v is not found in its chain", same)
	}
	for _, other := range []error{fault.New(fault.Conflict, "clash"), fault.New(fault.NotFound, "seat_taken"), io.EOF} {
		if errors.Is(other, errTaken) {
			t.Errorf("%v is taken for %v", other, errTaken)
		}
	}
}

func TestWhatIsAddedToACopyIsNotAddedToTheValueOfAPackage(t *testing.T) {
	t.Parallel()
	full := errTaken.With("from", "x").Because(io.EOF).Over(fault.Clash{ID: "R"})
	if full.Args["from"] != "x" || len(full.Clashes) != 1 || !errors.Is(full, io.EOF) {
		t.Errorf("something was lost: %+v", full)
	}
	if errTaken.Args != nil || errTaken.Clashes != nil || errTaken.Unwrap() != nil {
		t.Errorf("every caller would now see %+v", errTaken)
	}
	inner := fault.At("text", "too_long")
	if within := fault.Of(fault.Within("answers[3]", inner)); within.Fields[0].Path != "answers[3].text" ||
		inner.Fields[0].Path != "text" {
		t.Errorf("%v within %v", within, inner)
	}
}

func TestPathsAreJoinedWithoutADotTooMany(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"": "answers[0]", "text": "answers[0].text", "a.b[1]": "answers[0].a.b[1]"} {
		if got := fault.Of(fault.Within("answers[0]", fault.At(path, "x"))).Fields[0].Path; got != want {
			t.Errorf("%q is %q instead of %q", path, got, want)
		}
	}
	if fault.Within("answers[0]", io.EOF) != io.EOF || fault.Within("x", nil) != nil ||
		!errors.Is(fault.Within("x", errTaken), errTaken) {
		t.Error("an error without fields was changed")
	}
}

func TestAListTellsEveryFieldAtOnceAndKeepsOtherErrorsApart(t *testing.T) {
	t.Parallel()
	var l fault.List
	if l.Err() != nil {
		t.Error("an empty list is an error")
	}
	l.Add("name", "required")
	if err := l.Take(fault.At("age", "range", "min", "1", "max", "9")); err != nil {
		t.Error(err)
	}
	for _, other := range []error{io.EOF, errTaken} {
		if !errors.Is(l.Take(other), other) {
			t.Errorf("%v was swallowed", other)
		}
	}
	if l.Take(nil) != nil {
		t.Error("nothing became an error")
	}
	want := []fault.Field{
		{Path: "name", Code: "required"}, {Path: "age", Code: "range", Args: map[string]string{"min": "1", "max": "9"}},
	}
	if diff := cmp.Diff(want, fault.Of(l.Err()).Fields); diff != "" || fault.KindOf(l.Err()) != fault.Invalid {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTheTextForTheLogHoldsNoArgument(t *testing.T) {
	t.Parallel()
	err := fault.At("answers[2].text", "too_long", "max", "canary").With("name", "canary")
	if text := err.Error(); strings.Contains(text, "canary") || !strings.Contains(text, "answers[2].text:too_long") {
		t.Error(text)
	}
	if text := errTaken.Because(io.EOF).Error(); text != "seat_taken: EOF" {
		t.Error(text)
	}
}

func TestTheStackOfAPanicIsKeptWithoutItsValueAndArguments(t *testing.T) {
	t.Parallel()
	stack := "goroutine 1 [running]:\npanic({0x1, \"canary\"})\n\t/go/src/runtime/panic.go:860 +0x13a\n" +
		"grupa/intake.Submit(canary)\n\t/src/intake/submit.go:30 +0x157\n" + strings.Repeat("f(canary)\n\t/src/f.go:1\n", 50)
	got := fault.Frames([]byte(stack))
	if strings.Contains(strings.Join(got, " "), "canary") {
		t.Errorf("a value is left: %v", got)
	}
	if len(got) != 20 || got[1] != "/src/intake/submit.go:30 +0x157" {
		t.Errorf("%d places: %v", len(got), got)
	}
}
