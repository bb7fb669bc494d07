// Package client calls servers of the table, for a person or for the harness.
package client

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/gzip" // registers the compressor
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"stitch.test/peers/go/internal/gen/expirementpb"
	"stitch.test/peers/go/internal/gen/peerpb"
	"stitch.test/peers/go/internal/session"
)

// unsupported names the part of call that this client does not know, or is empty.
func unsupported(call *peerpb.Call) string {
	if call.GetKind() != "unary" {
		return fmt.Sprintf("call kind %q", call.GetKind())
	}
	if c := call.GetCompression(); c != "" && encoding.GetCompressor(c) == nil {
		return fmt.Sprintf("compression %q", c)
	}
	return ""
}

// perform makes call on channel and records what the library gives.
func perform(channel *grpc.ClientConn, call *peerpb.Call) *peerpb.CallRecord {
	start := time.Now()
	ctx, end := callContext(call)
	defer end()

	var headers, trailers metadata.MD
	reply := new(expirementpb.Expirement)
	options := append(callOptions(call), grpc.Header(&headers), grpc.Trailer(&trailers))
	err := channel.Invoke(ctx, call.GetMethod(), call.GetRequest(), reply, options...)

	record := ended(call, err)
	record.Elapsed = durationpb.New(time.Since(start))
	record.Headers = session.Metadata(headers)
	record.Trailers = session.Metadata(trailers)
	if err == nil {
		record.Reply = reply
	}
	return record
}

// ended is a record of the status that err is.
func ended(call *peerpb.Call, err error) *peerpb.CallRecord {
	got := status.Convert(err)
	return &peerpb.CallRecord{
		Id:      call.GetId(),
		Code:    int32(got.Code()),
		Message: session.Text(got.Message()),
	}
}

// callContext carries the call's metadata, its deadline and its cancellation.
func callContext(call *peerpb.Call) (context.Context, context.CancelFunc) {
	ctx := metadata.AppendToOutgoingContext(context.Background(), session.Pairs(call.GetMetadata())...)
	ctx, cancel := withTimeout(ctx, call.Timeout)
	if call.CancelAfter != nil {
		time.AfterFunc(call.CancelAfter.AsDuration(), cancel)
	}
	return ctx, cancel
}

// withTimeout adds a deadline to ctx, or none when timeout is absent.
func withTimeout(ctx context.Context, timeout *durationpb.Duration) (context.Context, context.CancelFunc) {
	if timeout == nil {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, timeout.AsDuration())
}

func callOptions(call *peerpb.Call) []grpc.CallOption {
	options := []grpc.CallOption{grpc.WaitForReady(call.GetWaitForReady())}
	if call.GetCompression() != "" {
		options = append(options, grpc.UseCompressor(call.GetCompression()))
	}
	return options
}
