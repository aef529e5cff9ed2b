package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"grupa/internal/bench/rig"
)

// hands is how many requests about seats are under way at once, each on a connection of its own.
const hands = 256

// office is a coordinator at work over HTTP. Her requests go to the replicas in turn. Many goroutines may use it.
type office struct {
	token    string
	replicas []*rig.Client
	turn     atomic.Int64
}

// newOffice speaks to the servers. Whoever makes one closes it.
func newOffice(token string, servers ...*rig.Process) *office {
	o := &office{token: token}
	for _, s := range servers {
		o.replicas = append(o.replicas, rig.NewClient(s.URL, hands))
	}
	return o
}

func (o *office) close() {
	for _, c := range o.replicas {
		c.Close()
	}
}

// next is the replica whose turn it is.
func (o *office) next() *rig.Client { return o.replicas[int(o.turn.Add(1))%len(o.replicas)] }

// applicant is somebody whom a support group would suit.
type applicant struct {
	id, receipt string
	email       string // of nobody else
	request     *request
}

// admit lets that many people apply and decides that they are eligible.
func (o *office) admit(ctx context.Context, n int) ([]applicant, error) {
	people, errs := make([]applicant, n), make([]error, n)
	spread(n, clients, func(i int) { people[i], errs[i] = o.admitOne(ctx) })
	return people, errors.Join(errs...)
}

func (o *office) admitOne(ctx context.Context) (a applicant, err error) {
	q := &request{key: rand.Text(), form: rig.Form()}
	if q.receipt, err = o.next().Submit(ctx, q.key, q.form); err != nil {
		return a, err
	}
	q.acknowledged = true
	a = applicant{q.receipt.ID, q.receipt.Code, addressIn(q.form), q}
	_, err = o.post(ctx, "/api/v1/applications/"+a.id+"/decisions", map[string]string{"If-Match": `"1"`},
		map[string]string{"decision": "eligible", "group_type": "support", "reason": "A suite says so."})
	return a, err
}

// addressIn is the mail address of a form.
func addressIn(form []byte) string {
	var filled struct {
		Answers []struct {
			Contact struct{ Email string }
		}
	}
	_ = json.Unmarshal(form, &filled) // the server took it, or will say what is wrong
	for _, a := range filled.Answers {
		if a.Contact.Email != "" {
			return a.Contact.Email
		}
	}
	return ""
}

// mostSeats is the largest group that there may be.
const mostSeats = 100

// group makes a group of that many seats and gives its id.
func (o *office) group(ctx context.Context, seats int) (string, error) {
	return o.post(ctx, "/api/v1/groups", nil, map[string]any{
		"group_type": "support", "language": "en", "minimum": 1, "capacity": seats, "state": "recruiting",
	})
}

// groups makes as many groups as that many seats need.
func (o *office) groups(ctx context.Context, seats int) (ids []string, err error) {
	for ; seats > 0 && err == nil; seats -= mostSeats {
		var id string
		id, err = o.group(ctx, min(seats, mostSeats))
		ids = append(ids, id)
	}
	return ids, err
}

// post must be answered with a 201, of which it gives the id.
func (o *office) post(ctx context.Context, path string, headers map[string]string, body any) (id string, err error) {
	answer, err := o.next().Call(ctx, http.MethodPost, path, o.token, headers, body)
	if err != nil {
		return "", err
	}
	if answer.Status != http.StatusCreated {
		return "", &rig.Answered{Status: answer.Status, Body: string(answer.Body)}
	}
	var made struct{ ID string }
	err = json.Unmarshal(answer.Body, &made)
	return made.ID, err
}

// offering is the request to hold a seat of a group for an applicant.
func offering(group string) map[string]string {
	return map[string]string{"group_id": group, "expires_at": time.Now().Add(24 * time.Hour).UTC().Format(time.RFC3339)}
}

func offersOf(application string) string { return "/api/v1/applications/" + application + "/offers" }

// spread does the work of each number below n, as many at once as there are workers.
func spread(n, workers int, work func(int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, workers) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	all.Wait()
}

// refusal is the code of a problem document.
func refusal(body []byte) string {
	var problem struct{ Code string }
	if err := json.Unmarshal(body, &problem); err != nil {
		return fmt.Sprintf("no problem document: %.80q", body)
	}
	return problem.Code
}
