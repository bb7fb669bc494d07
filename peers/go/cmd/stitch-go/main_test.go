package main

import "testing"

func TestBadArgumentsAreErrors(t *testing.T) {
	for _, args := range [][]string{
		{},
		{"dance"},
		{"server", "--port", "65536"},
		{"server", "--port", "-1"},
		{"server", "Stitch"},
		{"client", "--nonsense"},
		{"health", "--address"},
		{"peer", "--port", "1"},
		{"peer", "now"},
	} {
		if err := run(t.Context(), args); err == nil {
			t.Errorf("run(%q) says nothing", args)
		}
	}
}
