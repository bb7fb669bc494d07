package client_test

import (
	"context"
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"

	"stitch.test/peers/go/internal/gen/expirementpb"
	"stitch.test/peers/go/internal/manage"
)

// serve starts a server of the table and returns its address and its health.
func serve(t *testing.T) (string, *health.Server) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, checker := grpc.NewServer(grpc.UnaryInterceptor(echo)), health.NewServer()
	expirementpb.RegisterManageServer(server, manage.Service{})
	grpc_health_v1.RegisterHealthServer(server, checker)
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	return listener.Addr().String(), checker
}

// echo sends the request metadata "x" and "x-bin" back, as headers and trailers.
func echo(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	grpc.SetHeader(ctx, metadata.MD{"x": md["x"]})
	grpc.SetTrailer(ctx, metadata.MD{"x-bin": md["x-bin"]})
	return handler(ctx, request)
}

// nowhere is an address at which nothing listens.
func nowhere(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
