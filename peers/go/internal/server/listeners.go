package server

import (
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc"
)

// listeners are those of one host, by port. One goroutine uses them.
type listeners struct {
	host   string
	server func() *grpc.Server // a new one for each listener
	byPort map[int]*listener
}

func newListeners(host string, server func() *grpc.Server) *listeners {
	return &listeners{host: host, server: server, byPort: make(map[int]*listener)}
}

// open starts a listener and returns the port that it is bound to.
func (ls *listeners) open(port int) (int, error) {
	l, err := listen(ls.server(), ls.host, port)
	if err != nil {
		return 0, err
	}
	ls.byPort[l.port()] = l
	return l.port(), nil
}

// close ends the listener of port and its connections at once.
func (ls *listeners) close(port int) error {
	l, ok := ls.byPort[port]
	if !ok {
		return fmt.Errorf("port %d: nothing listens here", port)
	}
	delete(ls.byPort, port)
	l.end()
	return nil
}

// stop stops all listeners, side by side.
func (ls *listeners) stop(grace time.Duration) {
	var stops sync.WaitGroup
	for _, l := range ls.byPort {
		stops.Go(func() { l.stop(grace) })
	}
	stops.Wait()
}
