package peer

import (
	"fmt"
	"net"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

func TestDrainHoldsUpNothing(t *testing.T) {
	h := start(t)
	channel, port := h.listen("")
	h.script("/note.Notes/Both", `{"send":""},{"receive":-1}`)
	h.begin(channel, "Both", `{"receive":1},{"waitMs":300},{"send":""}`, "")
	time.Sleep(100 * time.Millisecond)
	h.tell(`{"id":"drain","drain":{"port":%d}}`, port)
	h.tell(`{"id":"flush","flush":{}}`)
	h.mustDo("flush")
	if len(h.unread) > 0 {
		t.Errorf("before the answer to flush: %+v", h.unread)
	}
	if got := h.ended("call"); got.Status.Code != codes.OK || got.Sent != 1 {
		t.Errorf("got %+v", got)
	}
	h.mustDo("drain")
	h.listen(fmt.Sprintf(`,"port":%d`, port))
}

func TestCloseEndsConnections(t *testing.T) {
	h := start(t)
	channel, port := h.listen("")
	silent, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)) // it never says hello
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	if _, err := silent.Read(make([]byte, 1)); err != nil { // the server's SETTINGS: it was accepted
		t.Fatal(err)
	}
	h.script("/note.Notes/Both", `{"send":""},{"receive":-1}`)
	h.begin(channel, "Both", `{"receive":1},{"waitMs":60000}`, "")
	time.Sleep(100 * time.Millisecond)
	h.tell(`{"id":"close","close":{"port":%d}}`, port)
	h.mustDo("close") // not after two minutes
	got, served := h.ended("call"), h.served("call")
	if got.Status.Code != codes.Unavailable || !served.Cancelled {
		t.Errorf("got %+v, served %+v", got, served)
	}
	h.listen(fmt.Sprintf(`,"port":%d`, port))
}

func TestChannelsAreTheirContent(t *testing.T) {
	h := start(t)
	_, port := h.listen("")
	r := startRelay(t, port)
	for _, members := range []string{``, `,"name":"b"`} {
		before := r.connections.Load()
		for range 3 {
			h.status(at(r.address)+members, "Unary", `{"send":""}`, "")
		}
		if got := r.connections.Load() - before; got != 1 {
			t.Errorf("%s: %d connections, want 1", members, got)
		}
	}
}

func TestConnectionsGrowOld(t *testing.T) {
	h := start(t)
	_, port := h.listen(`,"maxAgeMs":200`)
	r := startRelay(t, port)
	for range 2 {
		h.status(at(r.address), "Unary", `{"send":""}`, "")
		time.Sleep(500 * time.Millisecond)
	}
	if got := r.connections.Load(); got != 2 {
		t.Errorf("%d connections for two calls half a second apart, want 2", got)
	}
}

func TestKeepalive(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.script("/note.Notes/Both", `{"send":""},{"waitMs":60000}`)
	for _, c := range []struct{ client, server string }{
		{`,"keepalive":{"timeMs":10000,"timeoutMs":500}`, ``}, // the library's least
		{``, `,"keepalive":{"timeMs":1000,"timeoutMs":500}`},
	} {
		_, port := h.listen(c.server)
		r := startRelay(t, port)
		h.begin(at(r.address)+c.client, "Both", `{"receive":1}`, "")
		time.Sleep(200 * time.Millisecond)
		r.silent.Store(true)
		got, served := h.ended("call"), h.served("call") // whoever gives up, the relay tells the other
		if got.Status.Code != codes.Unavailable || !served.Cancelled {
			t.Errorf("%+v: got %+v, served %+v", c, got, served)
		}
	}
}
