package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"connectrpc.com/connect"
)

// server is what listens, by port, and the scripts of all that listens.
type server struct {
	mu       sync.Mutex
	scripts  map[string]*script
	open     map[int]listener
	inFlight map[*servedCall]struct{}
}

// listener is a server on a port of its own.
type listener struct {
	*http.Server
	tcp net.Listener
}

func newServer() *server {
	return &server{
		scripts:  make(map[string]*script),
		open:     make(map[int]listener),
		inFlight: make(map[*servedCall]struct{}),
	}
}

// listen serves methods on a port, which it returns.
func (s *server) listen(told *listen, methods methods) (int, error) {
	if told.Keepalive != nil || told.MinPingMs != 0 || told.MaxAgeMs != 0 {
		return 0, errors.New("keepalive: net/http knows neither the age of a connection nor too many pings")
	}
	mux := http.NewServeMux()
	for path, method := range methods {
		mux.Handle(path, s.handler(method, told.MaxReceiveBytes))
	}
	l := listener{Server: &http.Server{Handler: mux, Protocols: new(http.Protocols)}}
	l.Protocols.SetUnencryptedHTTP2(told.TLS == nil)
	l.Protocols.SetHTTP2(told.TLS != nil)
	var err error
	if told.TLS != nil {
		if l.TLSConfig, err = serverTLS(told.TLS.Cert, told.TLS.Key, told.TLS.ClientCA); err != nil {
			return 0, err
		}
	}
	if l.tcp, err = net.Listen("tcp", net.JoinHostPort(told.Host, strconv.Itoa(told.Port))); err != nil {
		return 0, err
	}
	port := l.tcp.Addr().(*net.TCPAddr).Port
	s.mu.Lock()
	s.open[port] = l
	s.mu.Unlock()
	if told.TLS != nil {
		go l.ServeTLS(l.tcp, "", "") // the certificate is in the configuration
	} else {
		go l.Serve(l.tcp)
	}
	return port, nil
}

// close ends what listens on port, and its connections, at once.
func (s *server) close(port int) error {
	return s.end(port, listener.Close)
}

// drain lets the calls that are in flight on port finish.
func (s *server) drain(port int) error {
	return s.end(port, func(l listener) error { return l.Shutdown(context.Background()) })
}

// end frees a port, and ends the server that listened on it as how says.
func (s *server) end(port int, how func(listener) error) error {
	s.mu.Lock()
	l, ok := s.open[port]
	s.mu.Unlock()
	if !ok {
		return fmt.Errorf("port %d: nothing listens here", port)
	}
	l.tcp.Close() // the server does not know of it before its goroutine has begun
	how(l)        // fails only since it would close the port as well
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[port] == l { // nobody else was faster, a new listener even
		delete(s.open, port)
	}
	return nil
}

// stop drains all that listens, until ctx ends.
func (s *server) stop(ctx context.Context) {
	var stops sync.WaitGroup
	s.mu.Lock()
	for _, l := range s.open {
		stops.Go(func() { l.Shutdown(ctx) })
	}
	s.mu.Unlock()
	stops.Wait()
}

// flush returns once every call that has ended is recorded: those whose handlers have
// yet to notice, too. The library may hold such a handler back for good, when its deadline
// has passed while it receives: that one is not waited for longer than a second.
func (s *server) flush() {
	var ended []*servedCall
	s.mu.Lock()
	for c := range s.inFlight {
		if c.ctx.Err() != nil {
			ended = append(ended, c)
		}
	}
	s.mu.Unlock()
	patience := time.After(time.Second)
	for _, c := range ended {
		select {
		case <-c.recorded:
		case <-patience:
			return
		}
	}
}

// handler serves a method as the kind that it is.
func (s *server) handler(m method, maxReceiveBytes int) http.Handler {
	options := connect.WithHandlerOptions(
		connect.WithReadMaxBytes(maxReceiveBytes), // 0 is its default
		connect.WithRequestInitializer(initializer(m.input)),
	)
	switch {
	case m.IsStreamingClient() && m.IsStreamingServer():
		serve := func(ctx context.Context, stream *connect.BidiStream[message, message]) error {
			return s.serve(ctx, m, stream)
		}
		return connect.NewBidiStreamHandler(m.path(), serve, options)
	case m.IsStreamingServer():
		type exchange struct {
			*oneRequest
			*connect.ServerStream[message]
		}
		serve := func(ctx context.Context, r *connect.Request[message], stream *connect.ServerStream[message]) error {
			return s.serve(ctx, m, exchange{&oneRequest{r.Msg}, stream})
		}
		return connect.NewServerStreamHandler(m.path(), serve, options)
	case m.IsStreamingClient():
		type exchange struct {
			requestStream
			*oneResponse
		}
		serve := func(ctx context.Context, stream *connect.ClientStream[message]) (*connect.Response[message], error) {
			one := &oneResponse{sendHeaders: func() error { return stream.Conn().Send(nil) }}
			err := s.serve(ctx, m, exchange{requestStream{stream}, one})
			return one.response, err
		}
		return connect.NewClientStreamHandler(m.path(), serve, options)
	default:
		type exchange struct {
			*oneRequest
			*oneResponse
		}
		serve := func(ctx context.Context, r *connect.Request[message]) (*connect.Response[message], error) {
			one := &oneResponse{sendHeaders: func() error { return sendHeaders(ctx) }}
			err := s.serve(ctx, m, exchange{&oneRequest{r.Msg}, one})
			return one.response, err
		}
		return withWriter(connect.NewUnaryHandler(m.path(), serve, options))
	}
}
