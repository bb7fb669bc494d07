package server

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
)

// headers is a client's stats handler: response headers, as soon as they come.
type headers chan *stats.InHeader

func (headers) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context   { return ctx }
func (headers) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }
func (headers) HandleConn(context.Context, stats.ConnStats)                       {}

func (h headers) HandleRPC(_ context.Context, event stats.RPCStats) {
	if got, ok := event.(*stats.InHeader); ok {
		h <- got
	}
}

func TestCompressesTheReply(t *testing.T) {
	seen := make(headers, 1)
	client, _ := witnessed(t, grpc.WithStatsHandler(seen))
	for want, pairs := range map[string][]string{
		"":     nil,
		"gzip": {"stitch-reply-encoding", "gzip", "stitch-send-headers", "now"},
	} {
		if err := pick(t.Context(), client, nil, pairs...); err != nil {
			t.Fatal(err)
		}
		if got := (<-seen).Compression; got != want {
			t.Errorf("told %q: got encoding %q, want %q", pairs, got, want)
		}
	}
}

func TestSendsHeadersBeforeItWaits(t *testing.T) {
	seen := make(headers, 1)
	client, records := witnessed(t, grpc.WithStatsHandler(seen))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	go func() {
		<-seen
		cancel()
	}()
	err := pick(ctx, client, nil, "stitch-send-headers", "now", "stitch-wait-ms", "60000")
	if status.Code(err) != codes.Canceled || !(<-records).GetCancelled() {
		t.Errorf("got %v, want a call that was cancelled when its headers came", err)
	}
}
