package person

import (
	"context"
	"net"
	"strings"
	"testing"
)

// serve serves a person until the test ends, and returns the address.
func serve(t *testing.T) string {
	t.Helper()
	port := freePort(t)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- Serve(ctx, "127.0.0.1", uint(port.Port)) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	for {
		if conn, err := net.Dial("tcp", port.String()); err == nil {
			conn.Close()
			return port.String()
		}
	}
}

// freePort is an address at which nothing listens.
func freePort(t *testing.T) *net.TCPAddr {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr)
}

func TestLookUpPrintsRows(t *testing.T) {
	var out strings.Builder
	err := LookUp(t.Context(), []string{serve(t)}, []string{"Stitch", "Nobody", "Cyber"}, &out)
	if want := "NOT_FOUND: expirement not found"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	want := "Expirement:\n---Name:Stitch \n---ID:7 \n---Skill:making annoyed noise\n" +
		"Expirement:\n---Name:Cyber \n---ID:0 \n---Skill:breaking\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestLookUpNamesEachOfSeveralAddresses(t *testing.T) {
	var out strings.Builder
	one, other := serve(t), serve(t)
	err := LookUp(t.Context(), []string{one, other}, []string{"Cyber", "Nobody"}, &out)
	wantErr := one + ": NOT_FOUND: expirement not found\n" + other + ": NOT_FOUND: expirement not found"
	if err == nil || err.Error() != wantErr {
		t.Errorf("got %v, want %s", err, wantErr)
	}
	const row = "\nExpirement:\n---Name:Cyber \n---ID:0 \n---Skill:breaking\n"
	if want := one + row + other + row; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestCheckHealth(t *testing.T) {
	if err := CheckHealth(t.Context(), serve(t)); err != nil {
		t.Error(err)
	}
	err := CheckHealth(t.Context(), freePort(t).String())
	if err == nil || !strings.HasPrefix(err.Error(), "UNAVAILABLE: ") {
		t.Errorf("got %v", err)
	}
}
