package pgrun

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// superuser is the one login of every cluster.
const superuser = "postgres"

// Cluster is a PostgreSQL that runs. Its methods may be used by many goroutines at once.
type Cluster struct {
	socket   string // folder of the socket
	port     int    // a part of the socket's name, too
	tcp      bool
	password string // empty where there is only the socket
}

// URL is the address of a database, for pgx and for --database-url: over TCP where the cluster listens there, else over
// the socket.
func (c *Cluster) URL(database string) string {
	if !c.tcp {
		return c.SocketURL(database)
	}
	u := url.URL{Scheme: "postgres", Host: c.Address(), Path: "/" + database}
	u.User = url.UserPassword(superuser, c.password)
	u.RawQuery = url.Values{"sslmode": {"disable"}}.Encode()
	return u.String()
}

// SocketURL is the address of a database over the socket, which every cluster has.
func (c *Cluster) SocketURL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + database}
	u.RawQuery = url.Values{"host": {c.socket}, "port": {strconv.Itoa(c.port)}, "sslmode": {"disable"}}.Encode()
	return u.String()
}

// Address is the loopback address of a cluster with TCP, as host:port: where a proxy goes between.
func (c *Cluster) Address() string { return net.JoinHostPort(loopback, strconv.Itoa(c.port)) }

const loopback = "127.0.0.1"

// Create makes an empty database.
func (c *Cluster) Create(ctx context.Context, name string) error {
	return c.exec(ctx, "CREATE DATABASE "+quote(name))
}

// Clone makes a database that is a copy of a template. Nobody may be connected to the template.
func (c *Cluster) Clone(ctx context.Context, name, template string) error {
	return c.exec(ctx, "CREATE DATABASE "+quote(name)+" TEMPLATE "+quote(template))
}

// Drop removes a database, and cuts off who is still connected. One that is not there is no error.
func (c *Cluster) Drop(ctx context.Context, name string) error {
	return c.exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)")
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

func (c *Cluster) exec(ctx context.Context, statements ...string) error {
	return c.with(ctx, func(conn *pgx.Conn) error {
		for _, s := range statements {
			if _, err := conn.Exec(ctx, s); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return nil
	})
}

// with runs fn on a connection to the database that is always there.
func (c *Cluster) with(ctx context.Context, fn func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, c.SocketURL("postgres"))
	if err != nil {
		return err
	}
	return errors.Join(fn(conn), conn.Close(ctx))
}

// tester is what ForTest needs of *testing.T and *testing.B.
type tester interface {
	Helper()
	Cleanup(func())
	Fatal(args ...any)
}

// ForTest clones the template into a database of the test's own, gives its address, and drops it when the test ends.
// Who opens it must close it in a later Cleanup, or is cut off.
func (c *Cluster) ForTest(tb tester, template string) string {
	tb.Helper()
	name := "test_" + strings.ToLower(rand.Text())
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.Clone(ctx, name, template); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience) // the test's own is over
		defer cancel()
		if err := c.Drop(ctx, name); err != nil {
			tb.Fatal(err)
		}
	})
	return c.URL(name)
}

// patience bounds whatever has no other bound: a slow machine, not a broken one.
const patience = time.Minute

// tick is how often something is looked at that tells nobody when it changes.
const tick = 10 * time.Millisecond

// until looks again and again until ok says yes or fails.
func until(ctx context.Context, ok func() (bool, error)) error {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		done, err := ok()
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

// answers says whether somebody can connect.
func (c *Cluster) answers(ctx context.Context) bool {
	return c.with(ctx, func(*pgx.Conn) error { return nil }) == nil
}
