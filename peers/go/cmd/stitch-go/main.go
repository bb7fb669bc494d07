// Stitch-go is the Go peer: a server and a client of the service under test, for
// a person or, with --harness, for the interop harness.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage:
  stitch-go server [--host HOST] [--port PORT] [--harness]
  stitch-go client [--address HOST:PORT] [--harness] [NAME…]
  stitch-go health [--address HOST:PORT]`

// Codes that the program exits with.
const (
	exitOK     = 0
	exitFailed = 1
	exitMisuse = 2 // bad arguments, or a line that is not a call
)

var commands = map[string]func(ctx context.Context, args []string) (int, error){
	"server": serverCommand,
	"client": clientCommand,
	"health": healthCommand,
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code, err := run(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "stitch-go:", err)
	}
	os.Exit(code)
}

// run returns the code to exit with, and what there is to say about it.
func run(ctx context.Context, args []string) (int, error) {
	if len(args) == 0 {
		return exitMisuse, errors.New("no command\n" + usage)
	}
	command, ok := commands[args[0]]
	if !ok {
		return exitMisuse, fmt.Errorf("unknown command %q\n%s", args[0], usage)
	}
	code, err := command(ctx, args[1:])
	if errors.Is(err, flag.ErrHelp) {
		fmt.Println(usage)
		return exitOK, nil
	}
	return code, err
}
