package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"stitch.test/peers/connect-go/internal/gen/expirementpb"
)

// keep keeps a script, or forgets it when it has no steps.
func (s *server) keep(told *script) error {
	if told.Compression != "" && told.Compression != "gzip" {
		return fmt.Errorf("compression %q", told.Compression)
	}
	for i, step := range told.Steps {
		if step.Headers == nil && step.Receive == nil && step.Send == nil && step.WaitMs == nil && step.End == nil {
			return fmt.Errorf("step %d: unknown", i)
		}
	}
	if len(told.Steps) > 0 {
		s.scripts.Store(told.Name, told)
	} else {
		s.scripts.Delete(told.Name)
	}
	return nil
}

// servedCall is a call that a handler answers.
type servedCall struct {
	exchange
	ctx      context.Context
	info     connect.CallInfo
	method   method
	record   served
	answered bool // by the end of a script
}

// serve answers a call, and writes its record before the library gets the status.
func (s *server) serve(ctx context.Context, m method, exchange exchange) error {
	recorded := make(chan struct{})
	s.inFlight.Store(ctx, recorded)
	defer s.inFlight.Delete(ctx)
	defer close(recorded)

	info, _ := connect.CallInfoForHandlerContext(ctx)
	c := &servedCall{exchange: exchange, ctx: ctx, info: info, method: m, record: served{
		CallID:     info.RequestHeader().Get("stitch-call-id"),
		Method:     info.Spec().Procedure,
		Metadata:   metadata(info.RequestHeader()),
		ClientName: clientName(ctx),
	}}
	if deadline, ok := ctx.Deadline(); ok {
		left := milliseconds(time.Until(deadline))
		c.record.TimeRemainingMs = &left
	}
	err := s.answer(c)
	// A stream may be lost before its context is (golang/go#52183).
	lost := !c.answered && connect.CodeOf(err) == connect.CodeCanceled
	if c.record.Cancelled = lost || ctx.Err() != nil; !c.record.Cancelled {
		c.record.Status = statusOf(err)
	}
	if errors.Is(err, proto.Error) {
		c.record.Unusable = err.Error()
	}
	write(lineOut{Served: &c.record})
	return err
}

// answer plays the script that the call names, or the one of its method, or has the
// plain service answer. Its error is the status.
func (s *server) answer(c *servedCall) error {
	name := c.info.RequestHeader().Get("stitch-script")
	found, ok := s.scripts.Load(cmp.Or(name, c.record.Method))
	switch {
	case ok:
		script := found.(*script)
		c.record.Script = script.Name
		return c.play(script.Steps)
	case name != "":
		return connect.NewError(connect.CodeUnimplemented, fmt.Errorf("no script %q", name))
	case c.record.Method == plainPath:
		return c.pickOne()
	default:
		return connect.NewError(connect.CodeUnimplemented, errors.New("no script"))
	}
}

// pickOne has the plain service answer.
func (c *servedCall) pickOne() error {
	request, err := c.receive()
	if err != nil {
		return err
	}
	c.record.Requests.add(request)
	response, err := manage{}.PickOne(c.ctx, request.Message.(*expirementpb.NameRequest))
	if err != nil {
		return err
	}
	return c.give(&message{response})
}

// play does steps in order. Its error is the status that the last one says, or why the
// rest of them could not be done.
func (c *servedCall) play(steps []serverStep) (err error) {
	for _, step := range steps {
		switch {
		case step.Headers != nil:
			addMetadata(c.info.ResponseHeader(), step.Headers.Entries)
			err = c.sendHeaders()
		case step.Receive != nil:
			err = c.record.Requests.take(*step.Receive, c.receive)
			if errors.Is(err, io.EOF) {
				err = nil
			}
		case step.Send != nil:
			var response *message
			response, err = parse(c.method.output, step.Send)
			for i := 0; err == nil && i < max(1, step.Times); i++ {
				err = c.give(response)
			}
		case step.WaitMs != nil:
			err = wait(c.ctx, *step.WaitMs)
		case step.End != nil:
			addMetadata(c.info.ResponseTrailer(), step.End.Trailers)
			err = step.End.Status.err()
			c.answered = true
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// give sends a response.
func (c *servedCall) give(response *message) error {
	err := c.send(response)
	if err == nil {
		c.record.Responses.add(response)
	}
	return err
}

// wait waits so many milliseconds, or until ctx ends, which is its error.
func wait(ctx context.Context, ms float64) error {
	select {
	case <-time.After(duration(ms)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// duration is ms milliseconds.
func duration(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// milliseconds is how many d has.
func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
