package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
)

// newFlags returns an empty set of flags whose errors are for main to print.
func newFlags(command string) *flag.FlagSet {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	return flags
}

// noNames parses args, in which nothing may follow the flags.
func noNames(flags *flag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%s takes no argument %q", flags.Name(), flags.Arg(0))
	}
	return nil
}

func addressFlag(flags *flag.FlagSet) *string {
	return flags.String("address", "127.0.0.1:6000", "")
}

// port is a flag's value, 0 to 65535.
type port int

func (p *port) String() string { return strconv.Itoa(int(*p)) }

func (p *port) Set(value string) error {
	n, err := strconv.ParseUint(value, 10, 16)
	if err != nil {
		return errors.New("wanted 0 to 65535")
	}
	*p = port(n)
	return nil
}
