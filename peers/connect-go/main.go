// Stitch-connect-go is the connect-go peer: a server and a client of the service
// under test, for a person or, with --harness, for the interop harness.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// grace is how long a stop waits for calls in flight.
const grace = 5 * time.Second

func main() {
	signal.Ignore(syscall.SIGPIPE) // calls in flight outlive whoever reads our output
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command, args := "", os.Args[1:]
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	flags := flag.NewFlagSet(command, flag.ExitOnError) // exits with 2, after a sentence
	host, port, address, harness := "127.0.0.1", 6000, "127.0.0.1:6000", false
	switch command {
	case "server":
		flags.StringVar(&host, "host", host, "where to listen")
		flags.Func("port", "0 to 65535; 0 lets the system choose", func(value string) error {
			n, err := strconv.ParseUint(value, 10, 16)
			port = int(n)
			return err
		})
		flags.BoolVar(&harness, "harness", false, "speak the peer contract")
	case "client":
		flags.StringVar(&address, "address", address, "where the server is")
		flags.BoolVar(&harness, "harness", false, "speak the peer contract")
	case "health":
		flags.StringVar(&address, "address", address, "where the server is")
	default:
		exit(2, fmt.Errorf("unknown command %q: wanted server, client or health", command))
	}
	flags.Parse(args)
	if command != "client" && flags.NArg() > 0 {
		exit(2, fmt.Errorf("%s takes no argument %q", command, flags.Arg(0)))
	}
	switch {
	case command == "server":
		exit(1, serve(ctx, host, port, harness))
	case command == "health":
		exit(1, checkHealth(ctx, address))
	case harness:
		exit(2, answerCalls(ctx))
	default:
		exit(1, lookUp(address, flags.Args()))
	}
}

// exit ends the program: with code, after a sentence, when there is an error.
func exit(code int, err error) {
	if err == nil {
		os.Exit(0)
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(code)
}
