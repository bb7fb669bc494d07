package server

import (
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"

	"stitch.test/peers/go/internal/contract"
)

// listener is a port with a server of its own. Server.Stop ends connections that
// have said hello, but waits up to two minutes for those that have not: the
// listener knows all that it has accepted, and can end them.
type listener struct {
	net.Listener
	server   *grpc.Server
	accepted sync.Map // net.Conn: those that are closed too
	closed   atomic.Bool
}

func (l *listener) serve() {
	if err := l.server.Serve(l); err != nil {
		slog.Error("cannot serve", "address", l.Addr(), "error", err)
	}
}

// Accept waits for the next connection.
func (l *listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.accepted.Store(conn, nil)
	if l.closed.Load() { // since it was accepted
		conn.Close()
	}
	return conn, nil
}

// close ends the listener, its connections and its calls at once. When it
// returns, the port is free and every handler has returned.
func (l *listener) close() {
	l.closed.Store(true)
	for conn := range l.accepted.Range {
		conn.(net.Conn).Close()
	}
	l.server.Stop()
}

// drain takes no new calls, and ends the listener when those in flight have ended.
func (l *listener) drain() { l.server.GracefulStop() }

// serverOptions are told as the library has it. What is not told is zero, and
// the library's default.
func serverOptions(told *contract.Listen) ([]grpc.ServerOption, error) {
	if told.TLS != nil && told.TLS.Cert == "" {
		return nil, errors.New("tls: a server needs a certificate")
	}
	credentials, err := told.TLS.Credentials()
	if err != nil {
		return nil, err
	}
	pings := keepalive.ServerParameters{MaxConnectionAge: told.MaxAgeMs.Duration()}
	if told.Keepalive != nil {
		pings.Time, pings.Timeout = told.Keepalive.TimeMs.Duration(), told.Keepalive.TimeoutMs.Duration()
	}
	options := []grpc.ServerOption{
		grpc.Creds(credentials),
		grpc.KeepaliveParams(pings),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{
			MinTime:             told.MinPingMs.Duration(),
			PermitWithoutStream: told.MinPingMs > 0, // it is told what is too often, with calls or without
		}),
		grpc.WaitForHandlers(true), // Stop waits until each has reported its call
	}
	if told.MaxReceiveBytes > 0 {
		options = append(options, grpc.MaxRecvMsgSize(told.MaxReceiveBytes))
	}
	return options, nil
}
