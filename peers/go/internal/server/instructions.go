package server

import (
	"context"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// instructions are what the request metadata of a call tells its server to do.
type instructions struct {
	headers       metadata.MD
	trailers      metadata.MD
	replyEncoding string // empty: leave it to the library
	sendHeaders   bool
	wait          time.Duration
	code          codes.Code // OK: ask the service
	message       string
}

// obey does what it is told and then answers, with next unless told otherwise.
// It returns early, with the status of ctx, when ctx ends during the wait.
func (in *instructions) obey(ctx context.Context, next func() (any, error)) (any, error) {
	if err := in.prepare(ctx); err != nil {
		return nil, err
	}
	if err := sleep(ctx, in.wait); err != nil {
		return nil, status.FromContextError(err).Err()
	}
	if in.code != codes.OK {
		return nil, status.Error(in.code, in.message)
	}
	return next()
}

// prepare sets the response metadata. The encoding is among the headers, and
// the library refuses to change it once they are sent.
func (in *instructions) prepare(ctx context.Context) error {
	if err := grpc.SetHeader(ctx, in.headers); err != nil {
		return err
	}
	if err := grpc.SetTrailer(ctx, in.trailers); err != nil {
		return err
	}
	if in.replyEncoding != "" {
		if err := grpc.SetSendCompressor(ctx, in.replyEncoding); err != nil {
			return status.Errorf(codes.Internal, "%s: %v", replyEncodingKey, err)
		}
	}
	if in.sendHeaders {
		return grpc.SendHeader(ctx, nil)
	}
	return nil
}

// sleep returns nil after d, or the error of ctx if that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// behind returns the entries whose key begins with prefix, without it.
func behind(prefix string, md metadata.MD) metadata.MD {
	found := metadata.MD{}
	for key, values := range md {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			found[rest] = values
		}
	}
	return found
}
