package server

import (
	"context"
	"log/slog"
	"net"
	"strconv"

	"google.golang.org/grpc"

	"stitch.test/peers/go/internal/session"
)

// Person serves on a port of host, 0 for any, until ctx ends. Its error is a
// port that cannot be bound.
func Person(ctx context.Context, host string, port int) error {
	ls := newListeners(host, func() *grpc.Server { return newServer() })
	bound, err := ls.open(port)
	if err != nil {
		return err
	}
	slog.Info("listening", "address", net.JoinHostPort(host, strconv.Itoa(bound)))
	<-ctx.Done()
	ls.stop(session.Grace)
	return nil
}
