package api

import (
	"context"

	"github.com/getkin/kin-openapi/openapi3"

	"grupa/internal/words"
)

// lang chooses the language of an answer: asked for, then saved, then the client's, then the programme's.
func (s *Server) lang(ctx context.Context, asked string, saved words.Lang) words.Lang {
	if words.Known(asked) {
		return words.Lang(asked)
	}
	if words.Known(string(saved)) {
		return saved
	}
	if l, ok := words.Match(askerOf(ctx).languages); ok {
		return l
	}
	return s.Language
}

// queryNames lists the query parameters of each route as Echo writes it; one that may come several times ends in [].
func queryNames(spec *openapi3.T) map[string][]string {
	names := map[string][]string{}
	for path, item := range spec.Paths.Map() {
		for method, op := range item.Operations() {
			route := method + " " + echoPath(path)
			for _, p := range op.Parameters {
				if p.Value.In != openapi3.ParameterInQuery {
					continue
				}
				name := p.Value.Name
				if p.Value.Schema.Value.Type.Is("array") {
					name += "[]"
				}
				names[route] = append(names[route], name)
			}
		}
	}
	return names
}

// echoPath turns /a/{id} into /a/:id.
func echoPath(path string) string {
	var out []byte
	for i := 0; i < len(path); i++ {
		switch path[i] {
		case '{':
			out = append(out, ':')
		case '}':
		default:
			out = append(out, path[i])
		}
	}
	return string(out)
}
