package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"connectrpc.com/connect"
)

// server is what listens, and the scripts of all that listens.
type server struct {
	scripts  sync.Map // *script by name
	open     sync.Map // listener by port
	inFlight sync.Map // by the context of a call: a channel, closed when it is recorded
}

// listener is a server on a port of its own.
type listener struct {
	*http.Server
	tcp net.Listener
}

// listen serves methods on a port, which it returns.
func (s *server) listen(told *listen, methods methods) (int, error) {
	if told.Keepalive != nil || told.MinPingMs != 0 || told.MaxAgeMs != 0 {
		return 0, errors.New("keepalive: net/http limits neither the pings nor the age of a connection")
	}
	mux := http.NewServeMux()
	for path, method := range methods {
		mux.Handle(path, s.handler(path, method, told.MaxReceiveBytes))
	}
	config, err := told.TLS.config()
	if err != nil {
		return 0, err
	}
	if config != nil && config.Certificates == nil {
		return 0, errors.New("tls: a server needs a certificate")
	}
	tcp, err := net.Listen("tcp", net.JoinHostPort(told.Host, strconv.Itoa(told.Port)))
	if err != nil {
		return 0, err
	}
	l := listener{&http.Server{Handler: withClientName(mux), TLSConfig: config, Protocols: http2(config != nil)}, tcp}
	if config == nil {
		go l.Serve(tcp)
	} else {
		go l.ServeTLS(tcp, "", "") // the certificate is in the configuration
	}
	port := tcp.Addr().(*net.TCPAddr).Port
	s.open.Store(port, l)
	return port, nil
}

// end frees a port, and ends the server that listened on it as how says.
func (s *server) end(port int, how func(*http.Server) error) error {
	found, ok := s.open.Load(port)
	if !ok {
		return fmt.Errorf("port %d: nothing listens here", port)
	}
	l := found.(listener)
	l.tcp.Close() // the server does not know of it before its goroutine has begun
	how(l.Server) // fails only in closing that once more
	s.open.CompareAndDelete(port, l)
	return nil
}

// drain takes no new calls, and waits for those in flight.
func drain(s *http.Server) error { return s.Shutdown(context.Background()) }

// stop drains all that listens.
func (s *server) stop() {
	var drains sync.WaitGroup
	s.open.Range(func(_, l any) bool {
		drains.Go(func() { drain(l.(listener).Server) })
		return true
	})
	drains.Wait()
}

// flush returns once every call that has ended is recorded: those whose handlers have
// yet to notice, too. The library may hold such a handler back for good, when its deadline
// has passed while it receives: all in all it waits no longer than a second.
func (s *server) flush() {
	patience, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s.inFlight.Range(func(ctx, recorded any) bool {
		if ctx.(context.Context).Err() != nil {
			select {
			case <-recorded.(chan struct{}):
			case <-patience.Done():
			}
		}
		return true
	})
}

// exchange is how a handler takes part in a call, whatever its kind. Receive says
// [io.EOF] when there are no more requests.
type exchange struct {
	receive     func() (*message, error)
	send        func(*message) error
	sendHeaders func() error
}

// handler serves a method as the kind that it is.
func (s *server) handler(path string, m method, maxReceiveBytes int) http.Handler {
	options := connect.WithHandlerOptions(
		connect.WithReadMaxBytes(maxReceiveBytes), // 0 is its default
		connect.WithRequestInitializer(initializer(m.input)),
	)
	switch {
	case m.IsStreamingClient() && m.IsStreamingServer():
		return connect.NewBidiStreamHandler(path, func(
			ctx context.Context, stream *connect.BidiStream[message, message],
		) error {
			sendHeaders := func() error { return stream.Send(nil) }
			return s.serve(ctx, m, exchange{stream.Receive, stream.Send, sendHeaders})
		}, options)
	case m.IsStreamingServer():
		return connect.NewServerStreamHandler(path, func(
			ctx context.Context, request *connect.Request[message], stream *connect.ServerStream[message],
		) error {
			sendHeaders := func() error { return stream.Send(nil) }
			return s.serve(ctx, m, exchange{once(there(request)), stream.Send, sendHeaders})
		}, options)
	case m.IsStreamingClient():
		return connect.NewClientStreamHandler(path, func(
			ctx context.Context, stream *connect.ClientStream[message],
		) (response *connect.Response[message], err error) {
			receive := func() (*message, error) {
				if !stream.Receive() {
					return nil, cmp.Or(stream.Err(), io.EOF)
				}
				return stream.Msg(), nil
			}
			sendHeaders := func() error { return stream.Conn().Send(nil) }
			err = s.serve(ctx, m, exchange{receive, keepIn(&response), sendHeaders})
			return response, err
		}, options)
	default:
		return withWriter(connect.NewUnaryHandler(path, func(
			ctx context.Context, request *connect.Request[message],
		) (response *connect.Response[message], err error) {
			sendHeaders := func() error { return sendHeaders(ctx) }
			err = s.serve(ctx, m, exchange{once(there(request)), keepIn(&response), sendHeaders})
			return response, err
		}, options))
	}
}

// there receives the request that was there when the handler began.
func there(request *connect.Request[message]) func() (*message, error) {
	return func() (*message, error) { return request.Msg, nil }
}

// keepIn keeps the response for a handler to return.
func keepIn(response **connect.Response[message]) func(*message) error {
	return func(m *message) error {
		*response = connect.NewResponse(m)
		return nil
	}
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
