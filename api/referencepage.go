package api

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"grupa/internal/account"
)

// refPage is what the template of the reference shows. Nothing in it is HTML: the template escapes every word.
type refPage struct {
	Title, Version string
	Description    []refParagraph
	License        *openapi3.License // nil: none is named
	Tags           []refTag          // in the order of the contract
	Schemas        []refSchema       // by name
}

type refTag struct {
	Name        string
	Description []refParagraph
	Operations  []refOperation // by path, then as people think of methods
}

type refOperation struct {
	ID, Method, Path, Summary string
	Description               []refParagraph
	Who                       string
	Kind                      string // of the caller, for the style sheet: anyone, applicant or staff
	Parameters                []refField
	Body                      *refBody // nil: none is read
	Responses                 []refResponse
}

type refBody struct {
	Required bool
	Contents []refContent
}

type refResponse struct {
	Status, Meaning string // "201" and "Created"; empty for whatever is not listed
	Description     []refParagraph
	Headers         []refField
	Contents        []refContent
}

type refContent struct {
	MediaType string
	Type      refType
}

var methodOrder = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}

func refPageOf(spec *openapi3.T) (refPage, error) {
	p := refPage{
		Title: spec.Info.Title, Version: spec.Info.Version,
		Description: paragraphsOf(spec.Info.Description), License: spec.Info.License,
	}
	for _, t := range spec.Tags {
		p.Tags = append(p.Tags, refTag{Name: t.Name, Description: paragraphsOf(t.Description)})
	}
	for _, path := range slices.Sorted(maps.Keys(spec.Paths.Map())) {
		if err := p.addPath(path, spec.Paths.Value(path)); err != nil {
			return p, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(spec.Components.Schemas)) {
		s, err := refSchemaOf(name, spec.Components.Schemas[name].Value)
		if err != nil {
			return p, fmt.Errorf("schema %s: %w", name, err)
		}
		p.Schemas = append(p.Schemas, s)
	}
	return p, nil
}

// addPath puts each operation of a path under its first tag.
func (p *refPage) addPath(path string, item *openapi3.PathItem) error {
	byMethod := func(a, b string) int {
		return cmp.Or(cmp.Compare(slices.Index(methodOrder, a), slices.Index(methodOrder, b)), cmp.Compare(a, b))
	}
	operations := item.Operations()
	for _, method := range slices.SortedFunc(maps.Keys(operations), byMethod) {
		op := operations[method]
		out, err := refOperationOf(method, path, op, slices.Concat(item.Parameters, op.Parameters))
		if err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		at := slices.IndexFunc(p.Tags, func(t refTag) bool { return len(op.Tags) > 0 && t.Name == op.Tags[0] })
		if at < 0 {
			return fmt.Errorf("%s %s: its tag is not among the tags of the contract", method, path)
		}
		p.Tags[at].Operations = append(p.Tags[at].Operations, out)
	}
	return nil
}

func refOperationOf(method, path string, op *openapi3.Operation, ps openapi3.Parameters) (refOperation, error) {
	out := refOperation{
		ID: op.OperationID, Method: method, Path: path, Summary: op.Summary, Description: paragraphsOf(op.Description),
	}
	who, ok := policies[method+" "+echoPath(path)]
	if !ok {
		return out, errors.New("no policy says who may call it")
	}
	if out.Who, out.Kind = who.words(); out.Who == "" {
		return out, errors.New("nobody may call it")
	}
	if out.ID == "" || out.Summary == "" {
		return out, errors.New("it needs an operationId and a summary")
	}
	for _, p := range ps {
		f, err := refParameterOf(p.Value)
		if err != nil {
			return out, fmt.Errorf("parameter %s: %w", p.Value.Name, err)
		}
		out.Parameters = append(out.Parameters, f)
	}
	var err error
	if op.RequestBody != nil {
		b := op.RequestBody.Value
		out.Body = &refBody{Required: b.Required}
		if out.Body.Contents, err = refContentsOf(b.Content); err != nil {
			return out, fmt.Errorf("request body: %w", err)
		}
	}
	out.Responses, err = refResponsesOf(op.Responses.Map())
	return out, err
}

// refResponsesOf sorts by status; "default" comes after every number.
func refResponsesOf(responses map[string]*openapi3.ResponseRef) (out []refResponse, err error) {
	for _, status := range slices.Sorted(maps.Keys(responses)) {
		v := responses[status].Value
		r := refResponse{}
		if code, err := strconv.Atoi(status); err == nil {
			r.Status, r.Meaning = status, http.StatusText(code)
		}
		if v.Description != nil {
			r.Description = paragraphsOf(*v.Description)
		}
		for _, name := range slices.Sorted(maps.Keys(v.Headers)) {
			h := v.Headers[name].Value.Parameter
			h.Name, h.In = name, openapi3.ParameterInHeader
			f, err := refParameterOf(&h)
			if err != nil {
				return nil, fmt.Errorf("answer %s, header %s: %w", status, name, err)
			}
			r.Headers = append(r.Headers, f)
		}
		if r.Contents, err = refContentsOf(v.Content); err != nil {
			return nil, fmt.Errorf("answer %s: %w", status, err)
		}
		out = append(out, r)
	}
	return out, nil
}

func refContentsOf(content openapi3.Content) (out []refContent, err error) {
	for _, media := range slices.Sorted(maps.Keys(content)) {
		t, err := refTypeOf(content[media].Schema)
		if err != nil {
			return nil, err
		}
		out = append(out, refContent{media, t})
	}
	return out, nil
}

// words says for people who may call, and which of the three kinds of caller that is.
func (p policy) words() (who, kind string) {
	if p.open {
		return "anyone, without a secret", "anyone"
	}
	var names []string
	if p.applicant {
		names, kind = append(names, "the holder of a receipt code"), "applicant"
	}
	for _, role := range p.staff {
		article := "a "
		if role == account.Administrator {
			article = "an "
		}
		names, kind = append(names, article+string(role)), "staff"
	}
	return strings.Join(names, " or "), kind
}
