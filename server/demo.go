package main

import "context"

func demo(ctx context.Context, p *program) error { return serve(ctx, p) }
