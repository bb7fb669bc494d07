package server

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"google.golang.org/grpc"
)

// listener is a server on a port of its own.
type listener struct {
	server      *grpc.Server
	connections *connections
	served      chan struct{} // closed when Serve has returned
}

// listen starts server on a port of host; 0 lets the system choose.
func listen(server *grpc.Server, host string, port int) (*listener, error) {
	tcp, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("port %d: %w", port, cause(err))
	}
	l := &listener{server: server, connections: track(tcp), served: make(chan struct{})}
	go l.serve()
	return l, nil
}

func (l *listener) serve() {
	defer close(l.served)
	err := l.server.Serve(l.connections)
	if err != nil && !errors.Is(err, grpc.ErrServerStopped) { // stopped before it began
		slog.Error("cannot serve", "address", l.connections.Addr(), "error", err)
	}
}

func (l *listener) port() int {
	return l.connections.Addr().(*net.TCPAddr).Port
}

// end ends the listener, its connections and its calls at once. When it
// returns, the port is free and every handler has returned.
func (l *listener) end() {
	l.connections.end()
	l.server.Stop()
	<-l.served
}

// stop takes no new calls, and ends like end when those in flight have ended,
// after grace at the latest.
func (l *listener) stop(grace time.Duration) {
	defer time.AfterFunc(grace, l.end).Stop()
	l.server.GracefulStop()
	<-l.served
}

// cause is the innermost error: "address already in use", without the names of
// the system calls around it.
func cause(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}
