// Stitch-go is the Go peer: a client and a server of any service for the interop
// harness, and of the plain service for a person.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"stitch.test/peers/go/internal/peer"
	"stitch.test/peers/go/internal/person"
)

const usage = `usage:
  stitch-go server [--host HOST] [--port PORT]
  stitch-go client [--address HOST:PORT]… [NAME…]
  stitch-go health [--address HOST:PORT]
  stitch-go peer`

const defaultAddress = "127.0.0.1:6000"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Println(usage)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run does the command that args begin with. Its error is for standard error.
func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("no command\n" + usage)
	}
	command := args[0]
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // main tells
	var do func() error
	switch command {
	case "server":
		host, port := flags.String("host", "127.0.0.1", ""), flags.Uint("port", 6000, "")
		do = func() error { return person.Serve(ctx, *host, *port) }
	case "client":
		var addresses []string
		flags.Func("address", "", func(address string) error {
			addresses = append(addresses, address)
			return nil
		})
		do = func() error {
			if len(addresses) == 0 {
				addresses = []string{defaultAddress}
			}
			return person.LookUp(ctx, addresses, flags.Args(), os.Stdout)
		}
	case "health":
		address := flags.String("address", defaultAddress, "")
		do = func() error { return person.CheckHealth(ctx, *address) }
	case "peer":
		do = func() error {
			signal.Ignore(syscall.SIGPIPE) // calls in flight outlive the harness
			peer.Run(ctx, os.Stdin, os.Stdout)
			return nil
		}
	default:
		return fmt.Errorf("unknown command %q\n%s", command, usage)
	}
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	if command != "client" && flags.NArg() > 0 {
		return fmt.Errorf("%s takes no argument %q", command, flags.Arg(0))
	}
	return do()
}
