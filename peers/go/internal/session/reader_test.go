package session_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"stitch.test/peers/go/internal/gen/peerpb"
	"stitch.test/peers/go/internal/session"
)

func TestEachLineOfAnyLength(t *testing.T) {
	long := strings.Repeat("x", 5<<20)
	var got []string
	err := session.EachLine(t.Context(), strings.NewReader("a\n\n"+long+"\nlast"), func(line []byte) error {
		got = append(got, strings.TrimSuffix(string(line), "\n"))
		return nil
	})
	if want := []string{"a", "", long, "last"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %d lines and %v, want %d", len(got), err, len(want))
	}
}

func TestEachLineEndsWithItsFirstError(t *testing.T) {
	want := errors.New("no")
	if got := session.EachLine(t.Context(), strings.NewReader("a\nb\n"), func([]byte) error { return want }); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestEachLineEndsWithItsContext(t *testing.T) {
	silent, _ := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := session.EachLine(ctx, silent, nil); err != nil {
		t.Error(err)
	}
}

func TestParse(t *testing.T) {
	var call peerpb.Call
	if err := session.Parse([]byte(`{"id":"7","later":{"x":[1]}}`), &call); err != nil || call.GetId() != "7" {
		t.Errorf("got %v, %v", &call, err)
	}
	err := session.Parse([]byte("garbage"), &call)
	if want := "syntax error (line 1:1): invalid value garbage"; err == nil || err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}
