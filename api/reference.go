package api

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
)

//go:embed reference.html.tmpl
var referenceTemplate string

//go:embed reference.css
var referenceStyle string

// referenceCSP lets the page load its one style sheet and nothing else from anywhere.
const referenceCSP = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// reference registers the API's reference for people at /docs and for programs at /api/v1/openapi.json. It fails on a
// contract that the page can't show in full: a reference with a silent hole is worse than none.
func (s *Server) reference(e *echo.Echo, spec *openapi3.T) error {
	raw, err := GetSpecJSON()
	if err != nil {
		return fmt.Errorf("read the embedded openapi.yaml: %w", err)
	}
	page, err := renderReference(spec)
	if err != nil {
		return fmt.Errorf("the reference at /docs: %w", err)
	}
	e.GET("/api/v1/openapi.json", fixed("application/json", raw))
	e.GET("/docs", fixed("text/html; charset=utf-8", page))
	e.GET("/docs/reference.css", fixed("text/css; charset=utf-8", []byte(referenceStyle)))
	return nil
}

func renderReference(spec *openapi3.T) ([]byte, error) {
	page, err := refPageOf(spec)
	if err != nil {
		return nil, err
	}
	t, err := template.New("reference").Parse(referenceTemplate)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, page)
	return out.Bytes(), err
}

// fixed serves bytes that stay the same as long as the process runs. Clients may keep them but ask each time, so that
// a new release shows at once.
func fixed(contentType string, body []byte) echo.HandlerFunc {
	sum := sha256.Sum256(body)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Type", contentType)
		h.Set("Content-Security-Policy", referenceCSP)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer") // the licence is elsewhere, and need not learn who runs this server
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", tag)
		http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(body))
		return nil
	}
}
