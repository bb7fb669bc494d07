package peer

import (
	"fmt"
	"net"
	"sync/atomic"
	"testing"
)

// relay passes bytes on between its address and the server on a port, counts them, and
// falls silent when told.
type relay struct {
	address     string
	connections atomic.Int32
	bytes       atomic.Int64 // both ways
	silent      atomic.Bool
}

func startRelay(t *testing.T, port int) *relay {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	r := &relay{address: listener.Addr().String()}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			upstream, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
			if err != nil {
				client.Close()
				continue
			}
			r.connections.Add(1)
			go r.pass(client, upstream)
			go r.pass(upstream, client)
		}
	}()
	return r
}

func (r *relay) pass(from, to net.Conn) {
	defer from.Close()
	defer to.Close()
	buffer := make([]byte, 1<<16)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		r.bytes.Add(int64(n))
		if !r.silent.Load() {
			to.Write(buffer[:n])
		}
	}
}
