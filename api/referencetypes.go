package api

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// refType is a type in words. The name of a schema, where there is one, comes last: "list of" and Session.
type refType struct {
	Words  string
	Schema string // to link to; empty: the words say it all
}

// refField is a parameter, a header, or a property of a schema.
type refField struct {
	Name, In         string // In is path, query or header; empty for a property
	Required, Many   bool   // Many: Values are those of each item
	Type             refType
	Values           []string // when only these are allowed
	Limits           []string // sentences without their full stop
	Default, Example string
	Description      []refParagraph
}

type refSchema struct {
	Name        string
	Description []refParagraph
	Closed      bool       // a field that is not listed is refused
	Fields      []refField // required ones first, in the order of the contract; then the others by name
	Value       *refField  // of a schema that is no object
}

const schemaPrefix = "#/components/schemas/"

func refSchemaOf(name string, s *openapi3.Schema) (refSchema, error) {
	out := refSchema{Name: name, Description: paragraphsOf(s.Description)}
	if !s.Type.Is("object") || s.AdditionalProperties.Schema != nil {
		f, err := refFieldOf(&openapi3.SchemaRef{Value: s}, nil)
		f.Description = nil // it is the description of the schema, said once
		out.Value = &f
		return out, err
	}
	out.Closed = s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has
	names := slices.Clone(s.Required)
	for _, n := range slices.Sorted(maps.Keys(s.Properties)) {
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	for i, n := range names {
		property, ok := s.Properties[n]
		if !ok {
			return out, fmt.Errorf("%s is required and not described", n)
		}
		f, err := refFieldOf(property, nil)
		if err != nil {
			return out, fmt.Errorf("%s: %w", n, err)
		}
		f.Name, f.Required = n, i < len(s.Required)
		out.Fields = append(out.Fields, f)
	}
	return out, nil
}

func refParameterOf(p *openapi3.Parameter) (refField, error) {
	f, err := refFieldOf(p.Schema, p.Extensions)
	f.Name, f.In, f.Required, f.Description = p.Name, p.In, p.Required, paragraphsOf(p.Description)
	if p.In == openapi3.ParameterInQuery && f.Many {
		f.Limits = append(f.Limits, "may be given several times")
	}
	if p.Example != nil {
		f.Example = fmt.Sprint(p.Example)
	}
	return f, err
}

// refFieldOf reads what is the same for a parameter and a property. A parameter has its checks in its own extensions.
func refFieldOf(ref *openapi3.SchemaRef, extensions map[string]any) (f refField, err error) {
	if f.Type, err = refTypeOf(ref); err != nil {
		return f, err
	}
	s := ref.Value
	switch {
	case extensions != nil:
	case ref.Ref != "":
		extensions = ref.Extensions
	default:
		extensions = s.Extensions
	}
	own := s
	if ref.Ref != "" {
		own = &openapi3.Schema{Type: s.Type, Items: s.Items} // limits and text stand with the schema itself
	}
	f.Many = s.Type.Is("array")
	f.Description = paragraphsOf(own.Description)
	if own.Default != nil {
		f.Default = fmt.Sprint(own.Default)
	}
	if own.Example != nil {
		f.Example = fmt.Sprint(own.Example)
	}
	f.Limits, f.Values, err = limitsOf(own, checksIn(extensions))
	return f, err
}

func refTypeOf(ref *openapi3.SchemaRef) (refType, error) {
	if ref == nil || ref.Value == nil {
		return refType{}, errors.New("it has no schema")
	}
	if ref.Ref != "" {
		name, ok := strings.CutPrefix(ref.Ref, schemaPrefix)
		if !ok {
			return refType{}, fmt.Errorf("%s is not among the schemas of the contract", ref.Ref)
		}
		return refType{Schema: name}, nil
	}
	s := ref.Value
	if s.OneOf != nil || s.AnyOf != nil || s.AllOf != nil || s.Not != nil {
		return refType{}, errors.New("the reference has no words for oneOf, anyOf, allOf and not")
	}
	switch {
	case s.Type.Is("array"):
		t, err := refTypeOf(s.Items)
		return refType{strings.TrimSpace("list of " + t.Words), t.Schema}, err
	case s.Type.Is("object") && s.AdditionalProperties.Schema != nil:
		t, err := refTypeOf(s.AdditionalProperties.Schema)
		return refType{strings.TrimSpace("object of any names, each with " + t.Words), t.Schema}, err
	case s.Type.Is("object"):
		return refType{}, errors.New("an object within another needs a name among the schemas")
	case s.Type == nil || len(*s.Type) != 1:
		return refType{}, errors.New("it needs exactly one type")
	case s.Format != "":
		return refType{Words: (*s.Type)[0] + " (" + s.Format + ")"}, nil
	}
	return refType{Words: (*s.Type)[0]}, nil
}
