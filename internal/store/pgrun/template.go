package pgrun

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Template makes the database of that name and has it filled, once for all processes that use the cluster: who comes
// second waits for the first and fills nothing. A fill that fails leaves no template. The name must change with what it
// is filled with.
//
// Afterwards nobody can connect to the database; ForTest and Clone copy it.
func (c *Cluster) Template(ctx context.Context, name string, fill func(url string) error) error {
	return c.with(ctx, func(conn *pgx.Conn) error {
		if ready, err := isTemplate(ctx, conn, name); ready || err != nil {
			return err // nearly always: without the lock, so that hundreds of tests don't stand in line for it
		}
		// Released with the connection, also when this process is killed.
		if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtextextended($1, 0))", name); err != nil {
			return err
		}
		if ready, err := isTemplate(ctx, conn, name); ready || err != nil {
			return err
		}
		if err := c.Drop(ctx, name); err != nil { // half filled by someone who was killed
			return err
		}
		if err := c.Create(ctx, name); err != nil {
			return err
		}
		if err := fill(c.URL(name)); err != nil {
			return fmt.Errorf("fill the template %s: %w", name, err)
		}
		return closeTemplate(ctx, conn, name)
	})
}

func isTemplate(ctx context.Context, conn *pgx.Conn, name string) (is bool, err error) {
	const query = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)"
	err = conn.QueryRow(ctx, query, name).Scan(&is)
	return is, err
}

// closeTemplate keeps everyone out: a database can't be copied while somebody is in it. It becomes a template by the
// last statement, so that a half closed one is made again.
func closeTemplate(ctx context.Context, conn *pgx.Conn, name string) error {
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+quote(name)+" ALLOW_CONNECTIONS false"); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "SELECT pg_terminate_backend(pid, $2) FROM pg_stat_activity WHERE datname = $1",
		name, patience.Milliseconds()); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, "ALTER DATABASE "+quote(name)+" IS_TEMPLATE true")
	return err
}
