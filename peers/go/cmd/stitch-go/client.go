package main

import (
	"context"
	"os"

	"stitch.test/peers/go/internal/client"
)

func clientCommand(ctx context.Context, args []string) (int, error) {
	flags := newFlags("client")
	address := addressFlag(flags)
	harness := flags.Bool("harness", false, "")
	if err := flags.Parse(args); err != nil {
		return exitMisuse, err
	}
	if *harness {
		return takeCalls(ctx)
	}
	names := flags.Args()
	if len(names) == 0 {
		names = []string{"Stitch"}
	}
	return lookUp(ctx, *address, names)
}

func takeCalls(ctx context.Context) (int, error) {
	outliveReader()
	if err := client.Harness(ctx, os.Stdin, os.Stdout); err != nil {
		return exitMisuse, err
	}
	return exitOK, nil
}

func lookUp(ctx context.Context, address string, names []string) (int, error) {
	allOK, err := client.Person(ctx, address, names, os.Stdout, os.Stderr)
	if err != nil || !allOK {
		return exitFailed, err
	}
	return exitOK, nil
}
