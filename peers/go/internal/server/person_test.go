package server

import (
	"context"
	"fmt"
	"net"
	"testing"

	"google.golang.org/grpc"
)

func TestPersonGetsThePlainService(t *testing.T) {
	port := freePort(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- Person(ctx, "127.0.0.1", port) }()
	client := dial(t, fmt.Sprintf("127.0.0.1:%d", port))
	if err := pick(t.Context(), client, []grpc.CallOption{grpc.WaitForReady(true)}, "stitch-status-code", "9"); err != nil {
		t.Error(err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// freePort is a port at which nothing listens.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
