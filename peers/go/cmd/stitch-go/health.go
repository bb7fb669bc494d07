package main

import (
	"context"
	"fmt"

	"stitch.test/peers/go/internal/client"
)

func healthCommand(ctx context.Context, args []string) (int, error) {
	flags := newFlags("health")
	address := addressFlag(flags)
	if err := noNames(flags, args); err != nil {
		return exitMisuse, err
	}
	if err := client.Health(ctx, *address); err != nil {
		return exitFailed, fmt.Errorf("%s is not healthy: %w", *address, err)
	}
	return exitOK, nil
}
