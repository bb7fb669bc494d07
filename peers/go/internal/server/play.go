package server

import (
	"context"
	"io"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	_ "google.golang.org/grpc/encoding/gzip" // registers the compressor
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"stitch.test/peers/go/internal/contract"
	"stitch.test/peers/go/internal/messages"
)

// play does the steps of script in order. Its error is the status that a step
// ends the call with, or that the library told.
func (c *call) play(script *contract.Script) error {
	if script.Compression != "" {
		if err := grpc.SetSendCompressor(c.ctx, script.Compression); err != nil {
			return status.Error(codes.Internal, err.Error())
		}
	}
	for _, step := range script.Steps {
		if err := c.do(step); err != nil {
			return err
		}
	}
	return nil
}

func (c *call) do(step contract.ServerStep) error {
	switch {
	case step.Headers != nil:
		return grpc.SendHeader(c.ctx, metadata.Pairs(contract.Pairs(step.Headers.Entries)...))
	case step.Receive != nil:
		return c.receiveSome(*step.Receive)
	case step.Send != nil:
		return c.sendTimes(step.Send, max(step.Times, 1))
	case step.WaitMs != nil:
		return wait(c.ctx, step.WaitMs.Duration())
	default:
		return c.end(step.End)
	}
}

// receiveSome takes so many requests, fewer when there are no more; -1: all.
func (c *call) receiveSome(count int) error {
	for ; count != 0; count-- {
		if err := c.receive(messages.New(c.method.Input())); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (c *call) sendTimes(bytes []byte, times int) error {
	response, err := messages.Parse(c.method.Output(), bytes)
	if err != nil {
		return c.unusable(err)
	}
	for range times {
		if err := c.send(response); err != nil {
			return err
		}
	}
	return nil
}

// wait returns nil after d, or the status of ctx if that ends first.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return status.FromContextError(ctx.Err()).Err()
	}
}

// end sets the trailers, and returns the status.
func (c *call) end(end *contract.End) error {
	if err := grpc.SetTrailer(c.ctx, metadata.Pairs(contract.Pairs(end.Trailers)...)); err != nil {
		return err
	}
	told, err := end.Status.Library()
	if err != nil {
		return c.unusable(err)
	}
	return told.Err()
}

// unusable returns the status of a call whose script has a message that the
// runtime refuses with err.
func (c *call) unusable(err error) error {
	c.record.Unusable = err.Error()
	return status.Error(codes.Internal, err.Error())
}
