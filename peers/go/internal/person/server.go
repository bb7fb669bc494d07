// Package person is the service for a person: a server with health and
// reflection, a client that prints rows, and a health check.
package person

import (
	"context"
	"log/slog"
	"net"
	"strconv"
	"time"

	"google.golang.org/grpc"
	_ "google.golang.org/grpc/encoding/gzip" // registers the compressor
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"

	"stitch.test/peers/go/internal/gen/expirementpb"
	"stitch.test/peers/go/internal/manage"
)

// grace is how long a stop waits for calls in flight.
const grace = 5 * time.Second

// Serve serves on a port of host, 0 for any, until ctx ends. Its error is a
// port that cannot be bound.
func Serve(ctx context.Context, host string, port uint) error {
	listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.FormatUint(uint64(port), 10)))
	if err != nil {
		return err
	}
	slog.Info("listening", "address", listener.Addr())
	server := newServer()
	context.AfterFunc(ctx, func() {
		time.AfterFunc(grace, server.Stop)
		server.GracefulStop()
	})
	return server.Serve(listener) // when the server has stopped
}

// newServer returns a server of the table, with health and reflection.
func newServer() *grpc.Server {
	// The library's stop waits for connections that have not said hello, until they time out.
	server := grpc.NewServer(grpc.ConnectionTimeout(grace))
	expirementpb.RegisterManageServer(server, manage.Service{})
	checker := health.NewServer() // SERVING for the whole server
	name := expirementpb.Manage_ServiceDesc.ServiceName
	checker.SetServingStatus(name, grpc_health_v1.HealthCheckResponse_SERVING)
	grpc_health_v1.RegisterHealthServer(server, checker)
	reflection.Register(server)
	return server
}
