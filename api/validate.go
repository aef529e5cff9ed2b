package api

import (
	"errors"
	"reflect"
	"regexp"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/labstack/echo/v4"

	"grupa/internal/fault"
)

// checker runs the tags that openapi.yaml gives the generated types.
type checker struct{ v *validator.Validate }

func newChecker() *checker {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	return &checker{v}
}

// validate checks every request object before its method sees it.
func (s *Server) validate(next StrictHandlerFunc, _ string) StrictHandlerFunc {
	return func(c echo.Context, request any) (any, error) {
		if err := s.check.request(request); err != nil {
			return nil, err
		}
		return next(c, request)
	}
}

func (k *checker) request(request any) error {
	if reflect.TypeOf(request).NumField() == 0 {
		return nil
	}
	err := k.v.Struct(request)
	found, ok := errors.AsType[validator.ValidationErrors](err)
	if !ok {
		return err
	}
	var l fault.List
	for _, f := range found {
		code, args := codeOf(f)
		l.Add(pathOf(f.Namespace()), code, args...)
	}
	return l.Err()
}

var requestPart = regexp.MustCompile(`^[^.]+\.((Body|Params)\.)?`)

// pathOf drops the names that only the generated code has.
func pathOf(namespace string) string { return requestPart.ReplaceAllString(namespace, "") }

// codeOf gives the sentence for a tag, and what the sentence needs.
func codeOf(f validator.FieldError) (code string, args []string) {
	switch f.Tag() {
	case "required":
		return "required", nil
	case "oneof":
		return "choice", nil
	case "email":
		return "email", nil
	case "len", "alphanum":
		return "unknown", nil
	case "max":
		return maxCode(f.Kind()), []string{"max", f.Param()}
	case "min":
		if f.Kind() == reflect.String {
			return "too_short", []string{"min", f.Param()}
		}
		return "at_least", []string{"min", f.Param()}
	}
	return "value", nil
}

func maxCode(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "too_long"
	case reflect.Slice, reflect.Map:
		return "too_many"
	}
	return "at_most"
}
