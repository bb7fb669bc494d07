package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"stitch.test/peers/connect-go/internal/gen/expirementpb"
)

// servedCall is a call that reached a handler.
type servedCall struct {
	exchange
	ctx      context.Context
	info     connect.CallInfo
	method   method
	record   served
	recorded chan struct{} // closed when the record is written
}

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
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(told.Steps) > 0 {
		s.scripts[told.Name] = told
	} else {
		delete(s.scripts, told.Name)
	}
	return nil
}

// serve answers a call, and records it before the library gets the status.
func (s *server) serve(ctx context.Context, m method, exchange exchange) error {
	info, _ := connect.CallInfoForHandlerContext(ctx)
	c := &servedCall{
		exchange: exchange,
		ctx:      ctx,
		info:     info,
		method:   m,
		record: served{
			CallID:   info.RequestHeader().Get("stitch-call-id"),
			Method:   m.path(),
			Metadata: metadata(info.RequestHeader()),
		},
		recorded: make(chan struct{}),
	}
	if deadline, ok := ctx.Deadline(); ok {
		left := milliseconds(time.Until(deadline))
		c.record.TimeRemainingMs = &left
	}
	s.mu.Lock()
	s.inFlight[c] = struct{}{}
	s.mu.Unlock()

	err := s.answer(c)
	c.finish(err)

	s.mu.Lock()
	delete(s.inFlight, c)
	s.mu.Unlock()
	return err
}

// answer plays the script that the call names, or the one of its method, or calls the
// plain service.
func (s *server) answer(c *servedCall) error {
	named := c.info.RequestHeader().Get("stitch-script")
	s.mu.Lock()
	script := s.scripts[named]
	if named == "" {
		script = s.scripts[c.record.Method]
	}
	s.mu.Unlock()
	switch {
	case script != nil:
		c.record.Script = script.Name
		return c.play(script.Steps)
	case named != "":
		return connect.NewError(connect.CodeUnimplemented, fmt.Errorf("no script %q", named))
	case c.record.Method == plainPath:
		return c.pickOne()
	default:
		return connect.NewError(connect.CodeUnimplemented, errors.New("no script"))
	}
}

// finish writes the record of a call that ends with err.
func (c *servedCall) finish(err error) {
	if errors.Is(err, proto.Error) {
		c.record.Unusable = err.Error()
	}
	if c.ctx.Err() != nil {
		c.record.Cancelled = true
	}
	if !c.record.Cancelled {
		c.record.Status = statusOf(err)
	}
	write(lineOut{Served: &c.record})
	close(c.recorded)
}

// pickOne has the plain service answer.
func (c *servedCall) pickOne() error {
	request, err := c.receive()
	if err != nil {
		return err
	}
	response, err := manage{}.PickOne(c.ctx, request.Message.(*expirementpb.NameRequest))
	if err != nil {
		return err
	}
	return c.send(&message{response})
}

// play does steps in order. Its error is the status, if that is not OK, or why the rest
// of the steps could not be done.
func (c *servedCall) play(steps []serverStep) error {
	for _, step := range steps {
		var err error
		switch {
		case step.Headers != nil:
			addMetadata(c.info.ResponseHeader(), step.Headers.Entries)
			err = c.lost(c.Send(nil))
		case step.Receive != nil:
			err = c.receiveSome(*step.Receive)
		case step.Send != nil:
			err = c.sendBytes(step.Send, step.Times)
		case step.WaitMs != nil:
			err = c.wait(*step.WaitMs)
		case step.End != nil:
			addMetadata(c.info.ResponseTrailer(), step.End.Trailers)
			err = step.End.Status.err()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// receiveSome takes so many requests, fewer when the client has half-closed; -1: all.
func (c *servedCall) receiveSome(count int) error {
	for ; count != 0; count-- {
		if _, err := c.receive(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// receive takes a request.
func (c *servedCall) receive() (*message, error) {
	request, err := c.Receive()
	if err != nil {
		return nil, c.lost(err)
	}
	return request, c.record.Requests.add(request)
}

// sendBytes sends the message that bytes are, so many times; 0 is once.
func (c *servedCall) sendBytes(bytes []byte, times int) error {
	response, err := parse(c.method.output, bytes)
	if err != nil {
		return err
	}
	for range max(1, times) {
		if err := c.send(response); err != nil {
			return err
		}
	}
	return nil
}

// send sends a response.
func (c *servedCall) send(response *message) error {
	if err := c.Send(response); err != nil {
		return c.lost(err)
	}
	return c.record.Responses.add(response)
}

// wait waits so many milliseconds, or until the call ends.
func (c *servedCall) wait(ms float64) error {
	select {
	case <-time.After(duration(ms)):
		return nil
	case <-c.ctx.Done():
		return c.ctx.Err()
	}
}

// lost notes that err, which receiving or sending gave, is the call's end: a stream may
// say so before its context does (golang/go#52183).
func (c *servedCall) lost(err error) error {
	switch connect.CodeOf(err) {
	case connect.CodeCanceled, connect.CodeDeadlineExceeded:
		c.record.Cancelled = err != nil
	}
	return err
}

// duration is ms milliseconds.
func duration(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// milliseconds is how many d are.
func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
