package pgrun_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"grupa/internal/store/pgrun"
)

// Tests run this binary again as processes of their own: what is tested here is what happens when those are killed.
const childVariable = "GRUPA_PGRUN_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) == "" {
		os.Exit(m.Run())
	}
	if err := beChild(context.Background(), os.Args[1:]); err != nil {
		fmt.Println("error:", strings.ReplaceAll(err.Error(), "\n", " | "))
		os.Exit(1)
	}
}

// beChild gets at a cluster, says which, and says it again for each line it reads. It ends with its input.
func beChild(ctx context.Context, args []string) error {
	cluster, release, err := childCluster(ctx, args)
	if err != nil {
		return err
	}
	defer release()
	in := bufio.NewScanner(os.Stdin)
	for ok := true; ok; ok = in.Scan() {
		id, err := identity(ctx, cluster)
		if err != nil {
			return err
		}
		fmt.Println(id)
	}
	return nil
}

func childCluster(ctx context.Context, args []string) (*pgrun.Cluster, func(), error) {
	switch args[0] {
	case "shared":
		c, err := pgrun.Shared(ctx)
		return c, func() {}, err
	case "join":
		c, users, err := pgrun.Join(ctx, args[1], 0)
		return c, func() { _ = users.Close() }, err
	case "fill":
		c, err := pgrun.Shared(ctx)
		if err != nil {
			return nil, nil, err
		}
		return c, func() {}, c.Template(ctx, args[1], func(url string) error { return fillAndTell(ctx, url, args[2]) })
	case "start":
		s, err := pgrun.Start(ctx, pgrun.Options{Dir: args[1]})
		if err != nil {
			return nil, nil, err
		}
		return s.Cluster, func() { _ = s.Stop() }, nil
	}
	return nil, nil, fmt.Errorf("a child can't %s", args[0])
}

// fillAndTell makes the table that a template has here, and leaves a mark for each time it does.
func fillAndTell(ctx context.Context, url, marks string) error {
	f, err := os.OpenFile(marks, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString("x")
	return errors.Join(err, f.Close(), run(ctx, url, "CREATE TABLE kept (n bigint)"))
}

// identity tells clusters apart: initdb gives each a number, and each start has its time.
func identity(ctx context.Context, c *pgrun.Cluster) (string, error) {
	return ask(ctx, c.URL("postgres"),
		"SELECT system_identifier || ' ' || pg_postmaster_start_time() FROM pg_control_system()")
}

// ask gives the text that a query of one value answers.
func ask(ctx context.Context, url, query string) (text string, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", err
	}
	err = conn.QueryRow(ctx, query).Scan(&text)
	return text, errors.Join(err, conn.Close(ctx))
}

func run(ctx context.Context, url, statement string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

// child is this test binary as another process.
type child struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startChild(t *testing.T, args ...string) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), childVariable+"=1")
	in, err := cmd.StdinPipe()
	noError(t, err)
	out, err := cmd.StdoutPipe()
	noError(t, err)
	noError(t, cmd.Start())
	c := &child{t: t, cmd: cmd, in: in, out: bufio.NewReader(out)}
	t.Cleanup(c.kill)
	return c
}

// says waits for the child's next line, which is the identity of its cluster.
func (c *child) says() string {
	c.t.Helper()
	line, err := c.out.ReadString('\n')
	if err != nil || strings.HasPrefix(line, "error:") {
		c.t.Fatalf("the child said %q: %v", line, err)
	}
	return strings.TrimSpace(line)
}

// again has the child ask its cluster once more.
func (c *child) again() string {
	c.t.Helper()
	_, err := io.WriteString(c.in, "again\n")
	noError(c.t, err)
	return c.says()
}

// kill ends the child by SIGKILL: it gets no chance to clean up.
func (c *child) kill() {
	_ = c.cmd.Process.Kill() // it may have ended
	_ = c.cmd.Wait()         // killed, as we know
}
