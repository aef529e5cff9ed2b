package main

import (
	"context"
	"errors"

	"grupa/internal/account"
	"grupa/internal/store"
)

// personAdd gives a role to a member of staff, who is made if there is none with that address.
func personAdd(ctx context.Context, p *program) error {
	if len(p.args) != 1 || p.opts.role == "" {
		return errors.New("write: person add EMAIL --role administrator|coordinator|facilitator [--name NAME]")
	}
	return p.update(ctx, func(tx *store.Tx) error {
		id, err := account.AddStaff(tx, p.args[0], p.opts.name, account.Role(p.opts.role))
		if err == nil {
			p.printf("%s\n", id)
		}
		return err
	})
}

// personDisable takes every way in from a member of staff.
func personDisable(ctx context.Context, p *program) error {
	if len(p.args) != 1 {
		return errors.New("write: person disable EMAIL")
	}
	return p.update(ctx, func(tx *store.Tx) error { return account.Disable(tx, p.args[0]) })
}

// tokenAdd prints an API token, once.
func tokenAdd(ctx context.Context, p *program) error {
	if len(p.args) != 1 || p.opts.name == "" {
		return errors.New("write: token add EMAIL --name NAME")
	}
	var secret string
	err := p.update(ctx, func(tx *store.Tx) (err error) {
		secret, err = account.AddToken(tx, p.args[0], p.opts.name)
		return err
	})
	if err == nil {
		p.printf("%s\n", secret)
	}
	return err
}

// update opens what is stored, runs one unit as the machine and closes it again. The server may run meanwhile.
func (p *program) update(ctx context.Context, fn func(*store.Tx) error) error {
	db, err := p.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(db.Update(ctx, account.Machine(), fn), db.Close())
}
