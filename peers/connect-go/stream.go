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

// begin begins a call of that method's kind. It calls over when the library has told,
// though nothing was received, that the call has ended.
func begin(ctx context.Context, m method, client *connect.Client[message, message], over func()) stream {
	switch {
	case m.IsStreamingClient() && m.IsStreamingServer():
		bidi := client.CallBidiStream(ctx)
		bidi.Send(nil) // the headers alone; what is wrong with them is told when receiving
		return stream{bidi.Send, bidi.CloseRequest, bidi.Receive}
	case m.IsStreamingClient():
		return beginClientStream(client.CallClientStream(ctx), ctx)
	case m.IsStreamingServer():
		return beginWithRequest(func(request *message) (*connect.ServerStreamForClient[message], error) {
			return client.CallServerStream(ctx, connect.NewRequest(request))
		}, func(responses *connect.ServerStreamForClient[message]) (*message, error) {
			if !responses.Receive() {
				return nil, cmp.Or(responses.Err(), io.EOF)
			}
			return responses.Msg(), nil
		})
	default:
		return beginWithRequest(func(request *message) (*connect.Response[message], error) {
			defer over()
			return client.CallUnary(ctx, connect.NewRequest(request))
		}, func(response *connect.Response[message]) (*message, error) {
			return response.Msg, nil
		})
	}
}

// beginClientStream begins a client stream. Receiving half-closes it.
func beginClientStream(upload *connect.ClientStreamForClient[message, message], ctx context.Context) stream {
	upload.Send(nil)
	conn, err := upload.Conn()
	if err != nil {
		fail := func() error { return err }
		return stream{upload.Send, fail, func() (*message, error) { return nil, err }}
	}
	receive := func() (*message, error) {
		if ctx.Err() != nil { // there is no half-close behind a cancellation
			return nil, conn.Receive(new(message))
		}
		response, err := upload.CloseAndReceive()
		if err != nil {
			return nil, err
		}
		return response.Msg, nil
	}
	return stream{upload.Send, conn.CloseRequest, receive}
}

// beginWithRequest makes a call when there is its one request, in a goroutine, since the
// library blocks until there is a response, from which next receives.
func beginWithRequest[T any](call func(*message) (T, error), next func(T) (*message, error)) stream {
	response := func() (none T, err error) { return none, errors.New("there is no request") }
	send := func(request *message) error {
		response = sync.OnceValues(func() (T, error) { return call(request) })
		go response()
		return nil
	}
	receive := func() (*message, error) {
		responses, err := response()
		if err != nil {
			return nil, err
		}
		return next(responses)
	}
	return stream{send, func() error { return nil }, receive}
}
