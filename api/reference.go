package api

import (
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
)

// reference registers the API's reference for people at /docs and for programs at /api/v1/openapi.json.
func (s *Server) reference(e *echo.Echo, spec *openapi3.T) error {
	raw, err := GetSpecJSON()
	if err != nil {
		return err
	}
	e.GET("/api/v1/openapi.json", func(c echo.Context) error { return c.JSONBlob(200, raw) })
	e.GET("/docs", func(c echo.Context) error { return c.JSONBlob(200, raw) })
	e.GET("/docs/reference.css", func(c echo.Context) error { return c.NoContent(204) })
	return nil
}
