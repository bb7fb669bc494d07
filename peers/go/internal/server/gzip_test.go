package server

import (
	"context"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/stats"

	"stitch.test/peers/go/internal/gen/expirementpb"
)

// encodings is a client's stats handler that keeps the encoding of replies.
type encodings struct{ replies chan string }

func (encodings) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context   { return ctx }
func (encodings) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }
func (encodings) HandleConn(context.Context, stats.ConnStats)                       {}

func (e encodings) HandleRPC(_ context.Context, event stats.RPCStats) {
	if headers, ok := event.(*stats.InHeader); ok {
		e.replies <- headers.Compression
	}
}

func TestCompressesTheReply(t *testing.T) {
	l, err := listen(newServer(grpc.UnaryInterceptor(interceptor(ignore))), "127.0.0.1", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.end()
	seen := encodings{make(chan string, 2)}
	channel, err := grpc.NewClient(l.connections.Addr().String(),
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithStatsHandler(seen))
	if err != nil {
		t.Fatal(err)
	}
	defer channel.Close()
	for want, pairs := range map[string][]string{"": nil, "gzip": {"stitch-reply-encoding", "gzip", "stitch-send-headers", "now"}} {
		if err := pick(t.Context(), expirementpb.NewManageClient(channel), nil, pairs...); err != nil {
			t.Fatal(err)
		}
		if got := <-seen.replies; got != want {
			t.Errorf("told %q: got encoding %q, want %q", pairs, got, want)
		}
	}
}
