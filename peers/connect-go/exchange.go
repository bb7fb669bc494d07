package main

import (
	"cmp"
	"context"
	"io"
	"maps"
	"net/http"

	"connectrpc.com/connect"
)

// exchange is a server's side of a call, whatever its kind; the library's bidirectional
// stream is one. Receive says [io.EOF] when there are no more requests. Sending nil sends
// the headers alone.
type exchange interface {
	Receive() (*message, error)
	Send(*message) error
}

// oneRequest receives the request that was there when the handler began.
type oneRequest struct{ request *message }

func (r *oneRequest) Receive() (*message, error) {
	if r.request == nil {
		return nil, io.EOF
	}
	request := r.request
	r.request = nil
	return request, nil
}

// requestStream receives the requests of a client stream.
type requestStream struct{ *connect.ClientStream[message] }

func (r requestStream) Receive() (*message, error) {
	if !r.ClientStream.Receive() {
		return nil, cmp.Or(r.Err(), io.EOF)
	}
	return r.Msg(), nil
}

// oneResponse keeps the response for the handler to return.
type oneResponse struct {
	response    *connect.Response[message]
	sendHeaders func() error
}

func (r *oneResponse) Send(response *message) error {
	if response == nil {
		return r.sendHeaders()
	}
	r.response = connect.NewResponse(response)
	return nil
}

type writerKey struct{}

// withWriter lets a unary handler at the writer, which the library keeps from it.
func withWriter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), writerKey{}, w)))
	})
}

// sendHeaders sends the headers of the unary call that ctx belongs to.
func sendHeaders(ctx context.Context) error {
	w := ctx.Value(writerKey{}).(http.ResponseWriter)
	info, _ := connect.CallInfoForHandlerContext(ctx)
	maps.Copy(w.Header(), info.ResponseHeader())
	return http.NewResponseController(w).Flush()
}
