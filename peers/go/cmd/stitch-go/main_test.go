package main

import "testing"

func TestBadArgumentsAreMisuse(t *testing.T) {
	for _, args := range [][]string{
		{},
		{"dance"},
		{"server", "--port", "65536"},
		{"server", "--port", "-1"},
		{"server", "Stitch"},
		{"client", "--nonsense"},
		{"health", "--address"},
	} {
		if code, err := run(t.Context(), args); code != exitMisuse || err == nil {
			t.Errorf("run(%q) = %d, %v; want %d and a sentence", args, code, err, exitMisuse)
		}
	}
}
