// Package server serves any method of any service as scripts tell, and reports
// every call.
package server

import (
	"fmt"
	"net"
	"strconv"
	"sync"

	"google.golang.org/grpc/encoding"

	"stitch.test/peers/go/internal/contract"
	"stitch.test/peers/go/internal/messages"
)

// Server has listeners, and scripts that answer their calls.
type Server struct {
	// Report is told of each call before the library has its status.
	Report    func(*contract.Served)
	listeners sync.Map // int, a port: *listener
	scripts   sync.Map // string, a name: *contract.Script
	calls     sync.Map // *call: those that have begun and are not reported yet
}

// Listen opens a listener that serves types, and returns its port. Its error is
// a port that cannot be bound, or a certificate that cannot be used.
func (s *Server) Listen(told *contract.Listen, types messages.Types) (int, error) {
	options, err := serverOptions(told)
	if err != nil {
		return 0, err
	}
	tcp, err := net.Listen("tcp", net.JoinHostPort(told.Host, strconv.Itoa(told.Port)))
	if err != nil {
		return 0, err
	}
	l := &listener{Listener: tcp, server: s.newServer(types, options)}
	go l.serve()
	port := l.Addr().(*net.TCPAddr).Port
	s.listeners.Store(port, l)
	return port, nil
}

// Close ends the listener of port and its connections at once. When it returns,
// the port is free and every call of it is reported.
func (s *Server) Close(port int) error { return s.end(port, (*listener).close) }

// Drain is Close when the calls in flight have ended. No new ones begin.
func (s *Server) Drain(port int) error { return s.end(port, (*listener).drain) }

func (s *Server) end(port int, end func(*listener)) error {
	l, ok := s.listeners.LoadAndDelete(port)
	if !ok {
		return fmt.Errorf("port %d: nothing listens here", port)
	}
	end(l.(*listener))
	return nil
}

// Stop drains all listeners.
func (s *Server) Stop() {
	var drains sync.WaitGroup
	for _, l := range s.listeners.Range {
		drains.Go(l.(*listener).drain)
	}
	drains.Wait()
}

// Keep keeps a script, or forgets that of its name when it has no steps. Its
// error is something that the server does not know.
func (s *Server) Keep(script *contract.Script) error {
	if c := script.Compression; c != "" && encoding.GetCompressor(c) == nil {
		return fmt.Errorf("compression %q is unknown", c)
	}
	for i, step := range script.Steps {
		if step.Headers == nil && step.Receive == nil && step.Send == nil && step.WaitMs == nil && step.End == nil {
			return fmt.Errorf("step %d is unknown", i+1)
		}
	}
	if len(script.Steps) == 0 {
		s.scripts.Delete(script.Name)
	} else {
		s.scripts.Store(script.Name, script)
	}
	return nil
}

// Flush returns when every call that has ended by now is reported.
func (s *Server) Flush() {
	for key := range s.calls.Range {
		if c := key.(*call); c.ctx.Err() != nil {
			<-c.reported
		}
	}
}
