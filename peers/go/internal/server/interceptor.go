package server

import (
	"context"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"stitch.test/peers/go/internal/gen/expirementpb"
	"stitch.test/peers/go/internal/gen/peerpb"
	"stitch.test/peers/go/internal/session"
)

// managePrefix begins the full method of every call of the service under test.
var managePrefix = "/" + expirementpb.Manage_ServiceDesc.ServiceName + "/"

// interceptor makes the service obey the instructions in a call's metadata, and
// reports every call of it before the library gets the answer.
func interceptor(report func(*peerpb.ServedRecord)) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		if !strings.HasPrefix(info.FullMethod, managePrefix) {
			return handler(ctx, request)
		}
		md, _ := metadata.FromIncomingContext(ctx)
		record := received(ctx, info.FullMethod, request, md)
		reply, err := answer(ctx, md, func() (any, error) { return handler(ctx, request) })
		conclude(ctx, record, reply, err)
		report(record)
		return reply, err
	}
}

// received is a record of what the handler is given.
func received(ctx context.Context, method string, request any, md metadata.MD) *peerpb.ServedRecord {
	record := &peerpb.ServedRecord{
		Method:   method,
		Request:  request.(*expirementpb.NameRequest),
		Metadata: session.Metadata(md),
	}
	if ids := md[callIDKey]; len(ids) > 0 {
		record.CallId = session.Text(ids[0])
	}
	if deadline, ok := ctx.Deadline(); ok {
		record.TimeRemaining = durationpb.New(time.Until(deadline))
	}
	return record
}

// answer is what the instructions in md make of next.
func answer(ctx context.Context, md metadata.MD, next func() (any, error)) (any, error) {
	in, err := parse(md)
	if err != nil {
		return nil, err
	}
	return in.obey(ctx, next)
}

// conclude adds how the call ended to record.
func conclude(ctx context.Context, record *peerpb.ServedRecord, reply any, err error) {
	if ctx.Err() != nil {
		record.Cancelled = true
		return
	}
	answered := status.Convert(err)
	record.Code = int32(answered.Code())
	record.Message = session.Text(answered.Message())
	record.Reply, _ = reply.(*expirementpb.Expirement)
}
