package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"stitch.test/peers/go/internal/server"
)

func serverCommand(ctx context.Context, args []string) (int, error) {
	flags := newFlags("server")
	host := flags.String("host", "127.0.0.1", "")
	listen := port(6000)
	flags.Var(&listen, "port", "")
	harness := flags.Bool("harness", false, "")
	if err := noNames(flags, args); err != nil {
		return exitMisuse, err
	}
	serve := func() error { return server.Person(ctx, *host, int(listen)) }
	if *harness {
		outliveReader()
		serve = func() error { return server.Harness(ctx, *host, int(listen), os.Stdin, os.Stdout) }
	}
	if err := serve(); err != nil {
		return exitFailed, err
	}
	return exitOK, nil
}

// outliveReader makes writing to a closed pipe an error instead of the
// program's end: calls in flight outlive the harness.
func outliveReader() {
	signal.Ignore(syscall.SIGPIPE)
}
