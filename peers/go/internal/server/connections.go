package server

import (
	"net"
	"sync"
)

// connections is a listener that can end what it has accepted. grpc.Server.Stop
// ends connections that have said hello, but waits up to two minutes for those
// that have not.
type connections struct {
	net.Listener
	mu    sync.Mutex
	open  map[net.Conn]struct{}
	ended bool
}

func track(listener net.Listener) *connections {
	return &connections{Listener: listener, open: make(map[net.Conn]struct{})}
}

// Accept waits for the next connection.
func (c *connections) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[conn] = struct{}{}
	if c.ended {
		conn.Close()
	}
	return &connection{conn, c}, nil
}

// end closes every connection, those that are yet to be accepted too.
func (c *connections) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	for conn := range c.open {
		conn.Close()
	}
}

// connection is forgotten when it closes.
type connection struct {
	net.Conn
	of *connections
}

// Close closes the connection.
func (c *connection) Close() error {
	c.of.mu.Lock()
	delete(c.of.open, c.Conn)
	c.of.mu.Unlock()
	return c.Conn.Close()
}
