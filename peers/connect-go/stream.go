package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"sync"

	"connectrpc.com/connect"
)

// stream is how a client takes part in a call, whatever its kind. Receive says [io.EOF]
// when there are no more responses and the status is OK; another error is the status.
type stream struct {
	send         func(*message) error
	closeRequest func() error
	receive      func() (*message, error)
}

// begin begins a call of that method's kind. When the library tells by itself that the
// call has ended, over is called.
func begin(ctx context.Context, over func(), m method, client *connect.Client[message, message]) stream {
	switch {
	case m.IsStreamingClient() && m.IsStreamingServer():
		bidi := client.CallBidiStream(ctx)
		bidi.Send(nil) // the headers alone; what is wrong with them is told when receiving
		return stream{bidi.Send, bidi.CloseRequest, bidi.Receive}
	case m.IsStreamingClient():
		return beginClientStream(ctx, client.CallClientStream(ctx))
	case m.IsStreamingServer():
		call := func(request *message) (*connect.ServerStreamForClient[message], error) {
			return client.CallServerStream(ctx, connect.NewRequest(request))
		}
		return beginWithRequest(call, func(s *connect.ServerStreamForClient[message], err error) (*message, error) {
			if err != nil {
				return nil, err
			}
			if !s.Receive() {
				return nil, cmp.Or(s.Err(), io.EOF)
			}
			return s.Msg(), nil
		})
	default:
		call := func(request *message) (*connect.Response[message], error) {
			defer over()
			return client.CallUnary(ctx, connect.NewRequest(request))
		}
		unary := beginWithRequest(call, messageOf)
		unary.receive = once(unary.receive)
		return unary
	}
}

// beginClientStream begins a client stream. Receiving half-closes it.
func beginClientStream(ctx context.Context, upload *connect.ClientStreamForClient[message, message]) stream {
	upload.Send(nil)
	conn, err := upload.Conn()
	closeRequest := func() error {
		if err != nil {
			return err
		}
		return conn.CloseRequest()
	}
	receive := func() (*message, error) {
		if err == nil && ctx.Err() != nil { // there is no half-close behind a cancellation
			return nil, conn.Receive(new(message))
		}
		return messageOf(upload.CloseAndReceive())
	}
	return stream{upload.Send, closeRequest, once(receive)}
}

// beginWithRequest makes a call when there is its one request, in a goroutine, since the
// library blocks until there is a response, from which next receives.
func beginWithRequest[T any](call func(*message) (T, error), next func(T, error) (*message, error)) stream {
	response := func() (none T, err error) { return none, errors.New("there is no request") }
	send := func(request *message) error {
		response = sync.OnceValues(func() (T, error) { return call(request) })
		go response()
		return nil
	}
	receive := func() (*message, error) { return next(response()) }
	return stream{send, func() error { return nil }, receive}
}

// messageOf is the message of a response, if there is one.
func messageOf(response *connect.Response[message], err error) (*message, error) {
	if err != nil {
		return nil, err
	}
	return response.Msg, nil
}
