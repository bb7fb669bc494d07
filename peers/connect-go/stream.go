package main

import (
	"cmp"
	"context"
	"io"

	"connectrpc.com/connect"
)

// stream is a client's side of a call, whatever its kind; the library's bidirectional
// stream is one. Receive says [io.EOF] when there are no more responses and the status
// is OK; another error is the status.
type stream interface {
	Send(*message) error
	CloseRequest() error
	Receive() (*message, error)
}

// begin begins a call of that method's kind. It calls over when the library tells that
// the call has ended, even if nothing is being received.
func begin(ctx context.Context, m method, client *connect.Client[message, message], over func()) stream {
	switch {
	case m.IsStreamingClient() && m.IsStreamingServer():
		bidi := client.CallBidiStream(ctx)
		bidi.Send(nil) // the headers alone; Receive tells why it failed
		return bidi
	case m.IsStreamingServer():
		return &serverStream{ctx: ctx, client: client, begun: make(chan struct{})}
	case m.IsStreamingClient():
		upload := client.CallClientStream(ctx)
		upload.Send(nil)
		return &clientStream{ClientStreamForClient: upload, ctx: ctx}
	default:
		return &unary{ctx: ctx, client: client, over: over, result: make(chan result, 1)}
	}
}

// result is what comes of a call that gives one response.
type result struct {
	response *connect.Response[message]
	err      error
}

// unary makes a unary call, which the library has block, in a goroutine.
type unary struct {
	ctx    context.Context
	client *connect.Client[message, message]
	over   func()
	result chan result // closed behind the one that it gets
}

func (u *unary) Send(request *message) error {
	go func() {
		response, err := u.client.CallUnary(u.ctx, connect.NewRequest(request))
		u.result <- result{response, err}
		close(u.result)
		u.over()
	}()
	return nil
}

func (*unary) CloseRequest() error { return nil }

func (u *unary) Receive() (*message, error) {
	switch result, ok := <-u.result; {
	case !ok:
		return nil, io.EOF
	case result.err != nil:
		return nil, result.err
	default:
		return result.response.Msg, nil
	}
}

// serverStream begins, in a goroutine, a call that the library has block until there are
// response headers.
type serverStream struct {
	ctx    context.Context
	client *connect.Client[message, message]
	begun  chan struct{} // closed when what follows is set
	*connect.ServerStreamForClient[message]
	err error
}

func (s *serverStream) Send(request *message) error {
	go func() {
		s.ServerStreamForClient, s.err = s.client.CallServerStream(s.ctx, connect.NewRequest(request))
		close(s.begun)
	}()
	return nil
}

func (*serverStream) CloseRequest() error { return nil }

func (s *serverStream) Receive() (*message, error) {
	<-s.begun
	if s.err != nil {
		return nil, s.err
	}
	if !s.ServerStreamForClient.Receive() {
		return nil, cmp.Or(s.Err(), io.EOF)
	}
	return s.Msg(), nil
}

// clientStream half-closes when it receives, but not behind a cancellation.
type clientStream struct {
	*connect.ClientStreamForClient[message, message]
	ctx      context.Context
	received bool
}

func (c *clientStream) CloseRequest() error {
	conn, err := c.Conn()
	if err != nil {
		return err
	}
	return conn.CloseRequest()
}

func (c *clientStream) Receive() (*message, error) {
	if c.received {
		return nil, io.EOF
	}
	c.received = true
	if c.ctx.Err() != nil {
		conn, err := c.Conn()
		if err != nil {
			return nil, err
		}
		return nil, conn.Receive(new(message))
	}
	response, err := c.CloseAndReceive()
	if err != nil {
		return nil, err
	}
	return response.Msg, nil
}
