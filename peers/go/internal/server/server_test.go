package server

import (
	"context"
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/test/bufconn"

	"stitch.test/peers/go/internal/gen/expirementpb"
	"stitch.test/peers/go/internal/gen/peerpb"
)

// witnessed starts a server with the interceptor, and returns a client of it
// and what the interceptor reports.
func witnessed(t *testing.T, options ...grpc.DialOption) (expirementpb.ManageClient, <-chan *peerpb.ServedRecord) {
	t.Helper()
	records := make(chan *peerpb.ServedRecord, 100)
	server := newServer(grpc.UnaryInterceptor(interceptor(func(r *peerpb.ServedRecord) { records <- r })))
	return connect(t, server, options...), records
}

// connect serves on a listener in memory and returns a client of it.
func connect(t *testing.T, server *grpc.Server, options ...grpc.DialOption) expirementpb.ManageClient {
	t.Helper()
	listener := bufconn.Listen(1 << 16)
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	dialer := func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }
	return dial(t, "passthrough:///memory", append(options, grpc.WithContextDialer(dialer))...)
}

// dial returns a client of the server at address.
func dial(t *testing.T, address string, options ...grpc.DialOption) expirementpb.ManageClient {
	t.Helper()
	plain := grpc.WithTransportCredentials(insecure.NewCredentials())
	channel, err := grpc.NewClient(address, append(options, plain)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { channel.Close() })
	return expirementpb.NewManageClient(channel)
}

// pick looks Stitch up with these keys and values of request metadata.
func pick(ctx context.Context, client expirementpb.ManageClient, options []grpc.CallOption, pairs ...string) error {
	ctx = metadata.AppendToOutgoingContext(ctx, pairs...)
	_, err := client.PickOne(ctx, &expirementpb.NameRequest{Name: "Stitch"}, options...)
	return err
}
