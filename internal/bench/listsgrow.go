package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"grupa/internal/bench/rig"
	"grupa/internal/bench/seed"
)

// filters are every documented filter alone, with frequent and rare values, and sensible pairs.
func filters(first, last time.Time) []string {
	at := func(percent time.Duration) string {
		return first.Add(last.Sub(first) / 100 * percent).UTC().Format(time.RFC3339)
	}
	verdict := func(slug, verdict string) string { return "group_type=" + slug + "&verdict=" + verdict }
	return []string{
		"", "state=enrolled", "state=submitted", "state=duplicate", "state=draft", "state=submitted&state=in_review",
		"language=en", "language=fa", "language=fa&language=lv", "safety=none", "safety=open", "safety=cleared",
		verdict("support", "suits"), verdict("support", "discuss"), verdict("process", "discuss"),
		verdict("skills", "not_now"), "q=anna", "q=" + seed.Email(7), "q=nobody",
		"submitted_from=" + at(90), "submitted_until=" + at(10),
		"submitted_from=" + at(40) + "&submitted_until=" + at(43),
		"state=enrolled&language=fa", "state=waitlisted&" + verdict("support", "suits"), "state=submitted&safety=open",
		"state=enrolled&q=anna", "state=enrolled&submitted_until=" + at(10),
		"language=fa&" + verdict("process", "discuss"),
		"safety=cleared&submitted_from=" + at(50), verdict("support", "discuss") + "&submitted_from=" + at(90),
		"total=true", "total=true&state=submitted&" + verdict("support", "suits"), "total=true&q=anna",
	}
}

func orders() []string { return []string{"-submitted_at", "submitted_at", "-updated_at", "updated_at"} }

// fewer is how many applications the lists of a hundred thousand are compared with.
func fewer(applications int) int { return max(100, applications/100) }

// growth asks for every list of a server with all applications and of one with a hundredth of them, in turns, and looks
// for the one whose p99 grows most. The worst of many is first of all the unluckiest, so the worst are measured again,
// and for longer.
func growth(ctx context.Context, s *stage) (r report, err error) {
	var sizes [2]*sized
	for n, applications := range []int{fewer(s.applications), s.applications} {
		if sizes[n], err = s.sized(ctx, applications); err != nil {
			return r, err
		}
	}
	all, err := grown(ctx, sizes)
	if err != nil {
		return r, err
	}
	if err := s.measureLists(ctx, all, s.length/timesShorter); err != nil {
		return r, err
	}
	middle := all[len(all)/2]
	again := all[:min(len(all), measuredAgain)]
	for _, g := range again {
		g.took = [2][][]time.Duration{}
	}
	if err := s.measureLists(ctx, again, s.length); err != nil {
		return r, err
	}
	worst := again[0]
	r.rows = []row{
		{number: 8, work: fmt.Sprintf("p99 of a list / with a hundredth of the applications: %s, the worst of %d",
			worst.name, len(all)), ratio: worst.ratio(), must: atMost(4), aim: atMost(1.5),
			finding: growthOfListsFinding},
		{number: 8, work: "the same, the one in the middle", ratio: middle.ratio(), must: atMost(4), aim: atMost(1.5)},
	}
	r.figures = growthTable(all)
	return r, nil
}

// measureLists measures them all and puts the worst first.
func (s *stage) measureLists(ctx context.Context, all []*grownList, length time.Duration) error {
	for range s.rounds {
		for _, g := range all {
			if err := g.turn(ctx, length); err != nil {
				return fmt.Errorf("%s: %w", g.name, err)
			}
		}
	}
	slices.SortFunc(all, func(a, b *grownList) int { return cmp.Compare(b.whole(), a.whole()) })
	return nil
}

// timesShorter is how much shorter than others the turns of these many lists are. The worst of them are measured again
// in whole ones.
const (
	timesShorter  = 25
	measuredAgain = 10
)

// growthOfListsFinding is what lets the worst list grow, seen in its plan.
const growthOfListsFinding = "A total looks at 2,000 rows where the smaller list has a hundred, and asks each for " +
	"what its index does not know; a name that one in twenty has is asked of 600 people where the smaller list gathers " +
	"50. Neither grows further."

// sized is a server with so many applications.
type sized struct {
	server      *rig.Process
	headers     map[string]string
	wires       *rig.Wires
	first, last time.Time // submitted
}

func (s *stage) sized(ctx context.Context, applications int) (*sized, error) {
	server, at, err := s.grupa(ctx, applications)
	if err != nil {
		return nil, err
	}
	wires, err := s.wires(server.URL, 1)
	if err != nil {
		return nil, err
	}
	z := &sized{server: server, headers: at.bearer(), wires: wires}
	for sort, into := range map[string]*time.Time{"submitted_at": &z.first, "-submitted_at": &z.last} {
		page, err := z.page(ctx, "limit=1&sort="+sort)
		if err != nil {
			return nil, err
		}
		if len(page.Items) == 0 {
			return nil, fmt.Errorf("no application was listed")
		}
		*into = page.Items[0].Submitted
	}
	return z, nil
}

// listPage is what a bench reads of a page.
type listPage struct {
	Items []struct {
		Submitted time.Time `json:"submitted_at"`
	} `json:"items"`
	Next string `json:"next_cursor"`
}

func (z *sized) page(ctx context.Context, query string) (page listPage, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, z.server.URL+"/api/v1/applications?"+query, nil)
	if err != nil {
		return page, err
	}
	for name, value := range z.headers {
		r.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return page, err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end, or given up
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return page, err
	}
	if resp.StatusCode != http.StatusOK {
		return page, fmt.Errorf("%s: %s: %s", query, resp.Status, raw)
	}
	return page, json.Unmarshal(raw, &page)
}

// deep gives the cursor behind nine tenths of a list; there is none if the list has no second page there.
func (z *sized) deep(ctx context.Context, query string) (string, error) {
	cursors := []string{""}
	for {
		page, err := z.page(ctx, query+"&limit=100&cursor="+cursors[len(cursors)-1])
		if err != nil {
			return "", err
		}
		if page.Next == "" {
			return cursors[len(cursors)*9/10], nil
		}
		cursors = append(cursors, page.Next)
	}
}

// grownList is one list of both servers, the smaller first.
type grownList struct {
	name string
	do   [2]func(context.Context) error
	took [2][][]time.Duration // of each turn
}

func grown(ctx context.Context, sizes [2]*sized) (all []*grownList, err error) {
	for n := range filters(sizes[0].first, sizes[0].last) {
		for _, order := range orders() {
			first, deep := &grownList{}, &grownList{}
			for z, size := range sizes {
				filter := filters(size.first, size.last)[n]
				query := strings.TrimPrefix(filter+"&sort="+order, "&")
				if first.do[z], err = size.ask(query); err != nil {
					return nil, err
				}
				cursor, err := size.deep(ctx, query)
				if err != nil {
					return nil, err
				}
				if cursor != "" {
					if deep.do[z], err = size.ask(query + "&cursor=" + cursor); err != nil {
						return nil, err
					}
				}
				first.name = query
			}
			deep.name = first.name + ", deep"
			all = append(all, first)
			if deep.do[0] == nil { // fewer than two pages of a hundred
				deep.do[0] = first.do[0]
			}
			if deep.do[1] != nil {
				all = append(all, deep)
			}
		}
	}
	return all, nil
}

func (z *sized) ask(query string) (func(context.Context) error, error) {
	return get(z.wires, ourList+"&"+query, z.headers, http.StatusOK)
}

// turn asks for the one and the other by turns, so that what disturbs the machine meets both.
func (g *grownList) turn(ctx context.Context, length time.Duration) error {
	var took [2][]time.Duration
	for end := time.Now().Add(length); len(took[0]) == 0 || time.Now().Before(end); {
		for n, do := range g.do {
			start := time.Now()
			if err := do(ctx); err != nil {
				return err
			}
			took[n] = append(took[n], time.Since(start))
		}
	}
	for n := range took {
		g.took[n] = append(g.took[n], took[n])
	}
	return nil
}

// whole is the ratio over all turns together.
func (g *grownList) whole() float64 {
	return float64(percentile(slices.Concat(g.took[1]...), 99)) / float64(percentile(slices.Concat(g.took[0]...), 99))
}

// ratio is that of all turns, between the least and the most of a turn.
func (g *grownList) ratio() ratio {
	var rounds []float64
	for n := range g.took[0] {
		rounds = append(rounds, float64(percentile(g.took[1][n], 99))/float64(percentile(g.took[0][n], 99)))
	}
	r := ratioOf(append(rounds, g.whole()))
	r.median = g.whole()
	return r
}

func growthTable(all []*grownList) string {
	var b strings.Builder
	b.WriteString("| list over HTTP, 1 client | p50 few | p50 all | p99 few | p99 all | p99 all / few |\n")
	b.WriteString("| --- | --: | --: | --: | --: | --: |\n")
	for _, g := range all {
		few, many := slices.Concat(g.took[0]...), slices.Concat(g.took[1]...)
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", g.name,
			span(percentile(few, 50)), span(percentile(many, 50)), span(percentile(few, 99)), span(percentile(many, 99)), digits(g.whole()))
	}
	return b.String()
}
