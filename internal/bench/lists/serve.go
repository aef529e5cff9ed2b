package main

import (
	"context"
	"crypto/sha256"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

type application struct {
	ID          string            `json:"id"`
	Reference   string            `json:"reference"`
	State       string            `json:"state"`
	Language    string            `json:"language"`
	Safety      string            `json:"safety"`
	SubmittedAt time.Time         `json:"submitted_at"`
	UpdatedAt   time.Time         `json:"updated_at"`
	Verdicts    map[string]string `json:"verdicts"`
}

type answer struct {
	Items []application `json:"items"`
	Total struct {
		Count int  `json:"count"`
		More  bool `json:"more"`
	} `json:"total"`
}

func (l *list) serve(c echo.Context) error {
	ctx := c.Request().Context()
	token := strings.TrimPrefix(c.Request().Header.Get("Authorization"), "Bearer ")
	hash := sha256.Sum256([]byte(token))
	var programme string
	if err := l.caller.QueryRowContext(ctx, hash[:]).Scan(&programme); err != nil {
		return echo.NewHTTPError(http.StatusUnauthorized, "no such token").WithInternal(err)
	}
	filter := []any{programme, c.QueryParam("state"), c.QueryParam("language")}
	a, err := l.read(ctx, filter)
	if err != nil {
		return err
	}
	if err := l.count.QueryRowContext(ctx, filter...).Scan(&a.Total.Count); err != nil {
		return err
	}
	if a.Total.Count > 1000 {
		a.Total.Count, a.Total.More = 1000, true
	}
	return c.JSON(http.StatusOK, a)
}

func (l *list) read(ctx context.Context, filter []any) (a answer, err error) {
	rows, err := l.page.QueryContext(ctx, filter...)
	if err != nil {
		return a, err
	}
	defer func() { _ = rows.Close() }() // rows.Err says all there is to say
	for rows.Next() {
		var one application
		var submitted, updated int64
		var verdicts string
		err := rows.Scan(&one.ID, &one.Reference, &one.State, &one.Language, &one.Safety, &submitted, &updated,
			&verdicts)
		if err != nil {
			return a, err
		}
		one.SubmittedAt, one.UpdatedAt = time.Unix(submitted, 0).UTC(), time.Unix(updated, 0).UTC()
		one.Verdicts = map[string]string{}
		for _, verdict := range strings.Split(verdicts, ",") {
			slug, word, _ := strings.Cut(verdict, " ")
			one.Verdicts[slug] = word
		}
		a.Items = append(a.Items, one)
	}
	return a, rows.Err()
}
