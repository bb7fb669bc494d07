package peer

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

func TestEveryLineIsAnswered(t *testing.T) {
	h := start(t)
	_, port := h.listen("")
	for _, line := range []struct{ text, id, refused string }{
		{`garbage`, "", "invalid character"},
		{`[]`, "", "cannot unmarshal array"},
		{`{"flush":{}}`, "", "no id"},
		{`{"id":"a"}`, "a", "unknown instruction"},
		{`{"id":"b","dance":{}}`, "b", "unknown instruction"},
		{`{"id":"c","listen":{"port":"x"}}`, "c", "cannot unmarshal string"},
		{`{"id":"d","close":{"port":1}}`, "d", "port 1: nothing listens here"},
		{`{"id":"e","types":{"files":"/w=="}}`, "e", "proto"},
		{`{"id":"f","script":{"name":"s","steps":[{"dance":1}]}}`, "f", "step 1 is unknown"},
		{`{"id":"g","script":{"name":"s","compression":"br","steps":[{"end":{}}]}}`, "g", `compression "br" is unknown`},
		{fmt.Sprintf(`{"id":"h","listen":{"host":"127.0.0.1","port":%d}}`, port), "h", "address already in use"},
		{`{"id":"i","flush":{"unknown":[1]},"unknown":{}}`, "i", ""},
	} {
		h.tell("%s", line.text)
		got := h.answer(line.id).Refused
		if !strings.Contains(got, line.refused) || (got == "") != (line.refused == "") {
			t.Errorf("%s: refused %q, want %q", line.text, got, line.refused)
		}
	}
	for members, want := range map[string]string{
		`"method":"/note.Notes/None"`:                                     `method "/note.Notes/None"`,
		`"method":"/None/None"`:                                           `method "/None/None"`,
		`"method":"/note.Notes/Unary","compression":"br"`:                 `compression "br"`,
		`"method":"/note.Notes/Unary","steps":[{"send":""},{"dance":{}}]`: "step 2",
	} {
		h.tell(`{"id":"call","call":{"channel":{"address":"127.0.0.1:1"},%s}}`, members)
		if got := h.ended("call"); got.Unsupported != want || got.Status != nil {
			t.Errorf("%s: got %+v, want %q", members, got, want)
		}
	}
}

func TestPlainService(t *testing.T) {
	h := start(t)
	address, _ := h.listen("")
	for name, code := range map[string]codes.Code{"Stitch": codes.OK, "Nobody": codes.NotFound} {
		h.tell(`{"id":%q,"call":{"channel":{"address":%q},"method":"/Manage/PickOne","steps":[{"send":%q}]}}`, name, address, note(name))
		got, served := h.ended(name), h.served(name)
		if got.Status.Code != code || len(got.Responses) != len(served.Responses) || got.Sent != 1 {
			t.Errorf("%s: got %+v", name, got)
		}
		if texts(served.Requests) != name || served.Status.Code != code || served.Script != "" {
			t.Errorf("%s: served %+v", name, served)
		}
	}
}

func TestPlaysEveryKind(t *testing.T) {
	h := start(t)
	address, _ := h.listen("")
	a, b := fmt.Sprintf(`{"send":%q}`, note("a")), fmt.Sprintf(`{"send":%q}`, note("b"))
	threeA := fmt.Sprintf(`{"send":%q,"times":3}`, note("a"))
	const one, all = `{"receive":1}`, `{"receive":-1}`
	for _, kind := range []struct {
		method              string
		server, client      []string
		requests, responses string
	}{
		{"Unary", []string{one, b}, []string{a}, "a", "b"},
		{"Up", []string{all, b}, []string{threeA, b}, "a*3 b", "b"},
		{"Down", []string{all, threeA, b}, []string{a, one}, "a", "a*3 b"},
		{"Both", []string{one, b, one, a}, []string{a, one, b, one}, "a b", "b a"},
		{"Both", []string{`{"headers":{}}`, b, all}, []string{one, a, `{"close":true}`}, "a", "b"}, // the server speaks first
	} {
		path := "/note.Notes/" + kind.method
		h.script(path, strings.Join(kind.server, ",")+`,{"end":{"trailers":[{"key":"x","text":"1"}]}}`)
		h.tell(`{"id":"call","call":{"channel":{"address":%q},"method":%q,"steps":[%s]}}`, address, path, strings.Join(kind.client, ","))
		got, served := h.ended("call"), h.served("call")
		if got.Status.Code != codes.OK || texts(got.Responses) != kind.responses || len(got.Trailers) != 1 {
			t.Errorf("%s: got %+v", kind.method, got)
		}
		if texts(served.Requests) != kind.requests || texts(served.Responses) != kind.responses || served.Script != path {
			t.Errorf("%s: served %+v", kind.method, served)
		}
	}
}

func TestStatusMetadataAndDetails(t *testing.T) {
	h := start(t)
	address, _ := h.listen("")
	// A google.rpc.Status with one detail, an Any of type "x".
	h.script("/note.Notes/Unary",
		`{"headers":{"entries":[{"key":"h-bin","binary":"AP8="}]}},{"end":{"status":{"code":9,"message":"né","details":"GgMKAXg="},`+
			`"trailers":[{"key":"t","text":"2"},{"key":"t","text":"1"}]}}`)
	h.tell(`{"id":"call","call":{"channel":{"address":%q},"method":"/note.Notes/Unary","timeoutMs":60000,`+
		`"metadata":[{"key":"x","text":"1"}],"steps":[{"send":""}]}}`, address)
	got, served := h.ended("call"), h.served("call")
	if got.Status.Code != codes.FailedPrecondition || got.Status.Message != "né" || len(got.Status.Details) == 0 {
		t.Errorf("status %+v", got.Status)
	}
	if headers := fmt.Sprintf("%s %x", got.Headers[1].Key, got.Headers[1].Binary); headers != "h-bin 00ff" {
		t.Errorf("headers: %s", headers)
	}
	if last := len(got.Trailers) - 2; *got.Trailers[last].Text+*got.Trailers[last+1].Text != "21" {
		t.Errorf("trailers %+v", got.Trailers)
	}
	if served.TimeRemainingMs == nil || *served.TimeRemainingMs > 60000 || *served.TimeRemainingMs < 50000 {
		t.Errorf("time remaining: %v", served.TimeRemainingMs)
	}
}

func TestScriptsByName(t *testing.T) {
	h := start(t)
	address, _ := h.listen("")
	for _, c := range []struct{ metadata, message string }{
		{``, "no script"},
		{`{"key":"stitch-script","text":"none"}`, `no script "none"`},
	} {
		h.tell(`{"id":"call","call":{"channel":{"address":%q},"method":"/note.Notes/Down","metadata":[%s],"steps":[{"send":""}]}}`, address, c.metadata)
		if got := h.ended("call").Status; got.Code != codes.Unimplemented || got.Message != c.message {
			t.Errorf("got %+v, want %q", got, c.message)
		}
	}
	h.script("other", `{"end":{"status":{"code":5}}}`)
	h.tell(`{"id":"call","call":{"channel":{"address":%q},"method":"/Manage/PickOne","metadata":[{"key":"stitch-script","text":"other"}],"steps":[{"send":""}]}}`, address)
	if got := h.ended("call").Status; got.Code != codes.NotFound || got.Message != "" {
		t.Errorf("got %+v, want the script's status", got)
	}
}

func TestMessagesThatCannotBeParsed(t *testing.T) {
	h := start(t)
	address, _ := h.listen("")
	h.script("/note.Notes/Unary", `{"receive":1},{"send":"CgH/"}`) // a string that is not UTF-8
	call := `{"id":"call","call":{"channel":{"address":%q},"method":"/note.Notes/Unary","steps":[{"send":%q}]}}`
	h.tell(call, address, note("a"))
	if got, served := h.ended("call"), h.served("call"); got.Status.Code != codes.Internal || served.Unusable == "" {
		t.Errorf("response: got %+v, served %+v", got, served)
	}
	h.tell(call, address, "CgH/")
	if got := h.ended("call"); got.Unusable == "" || got.Status != nil {
		t.Errorf("request: got %+v", got)
	}
	h.tell(`{"id":"raw","call":{"channel":{"address":%q},"method":"/note.Notes/Unary","types":"/note.Notes/Raw","steps":[{"send":"CgH/"}]}}`, address)
	if got, served := h.ended("raw"), h.served("raw"); got.Status.Code != codes.Internal || served.Unusable == "" {
		t.Errorf("request to the server: got %+v, served %+v", got, served)
	}
}

func TestCancelAndDeadlineReachTheScript(t *testing.T) {
	h := start(t)
	address, _ := h.listen("")
	h.script("/note.Notes/Both", `{"receive":1},{"send":""},{"waitMs":60000}`)
	for members, code := range map[string]codes.Code{
		`"steps":[{"send":""},{"receive":1},{"cancel":true}]`:                codes.Canceled,
		`"steps":[{"send":""},{"receive":1},{"waitMs":50},{"cancel":true}]`:  codes.Canceled,
		`"steps":[{"send":""},{"close":true}],"timeoutMs":100`:               codes.DeadlineExceeded,
		`"steps":[{"send":""},{"receive":1},{"waitMs":20000}],"timeoutMs":9`: codes.DeadlineExceeded,
	} {
		h.tell(`{"id":"call","call":{"channel":{"address":%q,"name":%q},"method":"/note.Notes/Both",%s}}`, address, members, members)
		if got := h.ended("call"); got.Status.Code != code {
			t.Errorf("%s: got %+v", members, got)
		}
		if served := h.served("call"); !served.Cancelled || served.Status != nil {
			t.Errorf("%s: served %+v", members, served)
		}
	}
	h.tell(`{"id":"call","call":{"channel":{"address":"127.0.0.1:1"},"method":"/note.Notes/Unary","waitForReady":true,` +
		`"steps":[{"send":""},{"waitMs":50},{"cancel":true}]}}`)
	if got := h.ended("call"); got.Status.Code != codes.Canceled || got.Sent != 0 {
		t.Errorf("a call that is not connected: got %+v", got)
	}
}

func TestAWaitEndsWithTheCall(t *testing.T) {
	h := start(t)
	address, _ := h.listen("")
	start := time.Now()
	h.tell(`{"id":"call","call":{"channel":{"address":%q},"method":"/Manage/PickOne","steps":[{"send":%q},{"waitMs":20000},{"cancel":true}]}}`,
		address, note("Stitch"))
	if got := h.ended("call"); got.Status.Code != codes.OK || len(got.Responses) != 1 || time.Since(start) > 10*time.Second {
		t.Errorf("got %+v after %v", got, time.Since(start))
	}
}

func TestTimes(t *testing.T) {
	h := start(t)
	address, _ := h.listen("")
	h.script("/note.Notes/Unary", `{"waitMs":100},{"send":""}`)
	start := time.Now()
	h.tell(call(address, "/note.Notes/Unary", `"steps":[{"send":""}],"times":10,"atOnce":5`))
	for i := range 10 {
		if got := h.ended(fmt.Sprintf("call.%d", i)); got.Status.Code != codes.OK {
			t.Errorf("got %+v", got)
		}
	}
	if took := time.Since(start); took < 200*time.Millisecond || took > 800*time.Millisecond {
		t.Errorf("took %v, want two rounds of 100 ms", took)
	}
}

func TestDrainHoldsUpNothing(t *testing.T) {
	h := start(t)
	address, port := h.listen("")
	h.script("/note.Notes/Both", `{"send":""},{"receive":-1}`)
	h.tell(`{"id":"call","call":{"channel":{"address":%q},"method":"/note.Notes/Both","steps":[{"receive":1},{"waitMs":300},{"send":""}]}}`, address)
	time.Sleep(100 * time.Millisecond)
	h.tell(`{"id":"drain","drain":{"port":%d}}`, port)
	h.tell(`{"id":"flush","flush":{}}`)
	h.mustDo("flush")
	for _, line := range h.unread {
		if line.Answer != nil || line.Ended != nil {
			t.Errorf("before the answer to flush: %+v", line)
		}
	}
	if got := h.ended("call"); got.Status.Code != codes.OK || got.Sent != 1 {
		t.Errorf("got %+v", got)
	}
	h.mustDo("drain")
	h.listen(fmt.Sprintf(`,"port":%d`, port))
}

func TestCloseEndsConnections(t *testing.T) {
	h := start(t)
	address, port := h.listen("")
	silent, err := net.Dial("tcp", address) // it never says hello
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	silent.Read(make([]byte, 1)) // the server's SETTINGS: it was accepted
	h.script("/note.Notes/Both", `{"send":""},{"receive":-1}`)
	h.tell(`{"id":"call","call":{"channel":{"address":%q},"method":"/note.Notes/Both","steps":[{"receive":1},{"waitMs":60000}]}}`, address)
	time.Sleep(100 * time.Millisecond)
	start := time.Now()
	h.tell(`{"id":"close","close":{"port":%d}}`, port)
	h.mustDo("close")
	if got, served := h.ended("call"), h.served("call"); got.Status.Code != codes.Unavailable || !served.Cancelled {
		t.Errorf("got %+v, served %+v", got, served)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	h.listen(fmt.Sprintf(`,"port":%d`, port))
}

func TestChannelsAreTheirContent(t *testing.T) {
	h := start(t)
	address, _ := h.listen("")
	r := startRelay(t, address)
	for _, members := range []string{``, `,"name":"b"`} {
		before := r.connections.Load()
		for range 3 {
			h.tell(`{"id":"call","call":{"channel":{"address":%q%s},"method":"/Manage/PickOne","steps":[{"send":""}]}}`, r.address, members)
			h.ended("call")
		}
		if got := r.connections.Load() - before; got != 1 {
			t.Errorf("%s: %d connections, want 1", members, got)
		}
	}
}

func TestGzip(t *testing.T) {
	h := start(t)
	address, _ := h.listen("")
	long := note(strings.Repeat("a", 100_000))
	for _, c := range []struct {
		request, response string
		most              int64
	}{{"", "", 300_000}, {"", "gzip", 110_000}, {"gzip", "", 10_000}} { // gzip is answered with gzip, unasked
		r := startRelay(t, address)
		h.tell(`{"id":"script","script":{"name":"s","compression":%q,"steps":[{"receive":1},{"send":%q}]}}`, c.response, long)
		h.mustDo("script")
		h.tell(`{"id":"call","call":{"channel":{"address":%q},"method":"/note.Notes/Unary","compression":%q,`+
			`"metadata":[{"key":"stitch-script","text":"s"}],"steps":[{"send":%q}]}}`, r.address, c.request, long)
		if got := h.ended("call"); got.Status.Code != codes.OK || len(got.Responses[0].Bytes) < 100_000 {
			t.Errorf("got %+v", got.Status)
		}
		if bytes := r.bytes.Load(); bytes > c.most || bytes < c.most/10 {
			t.Errorf("%q, %q: %d bytes crossed", c.request, c.response, bytes)
		}
	}
}

func TestHugeLinesAndLimits(t *testing.T) {
	h := start(t)
	address, _ := h.listen(`,"maxReceiveBytes":9000000`)
	h.script("/note.Notes/Both", `{"receive":1},{"send":"`+note(strings.Repeat("b", 8<<20))+`"}`)
	for limit, code := range map[int]codes.Code{0: codes.ResourceExhausted, 9_000_000: codes.OK} {
		h.tell(`{"id":"call","call":{"channel":{"address":%q,"maxReceiveBytes":%d},"method":"/note.Notes/Both","steps":[{"send":%q}]}}`,
			address, limit, note(strings.Repeat("a", 8<<20)))
		if got := h.ended("call"); got.Status.Code != code {
			t.Errorf("limit %d: got %+v", limit, got.Status)
		}
		if served := h.served("call"); len(served.Requests[0].Bytes) < 8<<20 {
			t.Errorf("limit %d: the request has %d bytes", limit, len(served.Requests[0].Bytes))
		}
	}
	small, _ := h.listen(`,"maxReceiveBytes":1000`)
	h.tell(`{"id":"call","call":{"channel":{"address":%q},"method":"/note.Notes/Both","steps":[{"send":%q}]}}`, small, note(strings.Repeat("a", 2000)))
	if got := h.ended("call"); got.Status.Code != codes.ResourceExhausted {
		t.Errorf("the server's limit: got %+v", got.Status)
	}
}

func TestConnectionsGrowOld(t *testing.T) {
	h := start(t)
	address, _ := h.listen(`,"maxAgeMs":200`)
	r := startRelay(t, address)
	for range 2 {
		h.tell(`{"id":"call","call":{"channel":{"address":%q},"method":"/Manage/PickOne","steps":[{"send":""}]}}`, r.address)
		h.ended("call")
		time.Sleep(500 * time.Millisecond)
	}
	if got := r.connections.Load(); got < 2 {
		t.Errorf("%d connection for two calls half a second apart", got)
	}
}

func TestKeepalive(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.script("/note.Notes/Both", `{"send":""},{"waitMs":60000}`)
	for side, members := range map[string]struct{ client, server string }{
		"client": {`,"keepalive":{"timeMs":10000,"timeoutMs":500}`, ``}, // the library's least
		"server": {``, `,"keepalive":{"timeMs":1000,"timeoutMs":500}`},
	} {
		address, _ := h.listen(members.server)
		r := startRelay(t, address)
		h.tell(`{"id":"call","call":{"channel":{"address":%q%s},"method":"/note.Notes/Both","steps":[{"receive":1}]}}`, r.address, members.client)
		time.Sleep(200 * time.Millisecond)
		r.silent.Store(true)
		got, served := h.ended("call"), h.served("call") // either way the relay ends both connections
		if got.Status.Code != codes.Unavailable || !served.Cancelled {
			t.Errorf("%s: got %+v, served %+v", side, got, served)
		}
	}
}

func TestEndOfInputLetsCallsFinish(t *testing.T) {
	for _, ends := range []string{"server", "client"} {
		server, client := start(t), start(t)
		address, _ := server.listen("")
		server.script("/note.Notes/Unary", `{"waitMs":300},{"send":""}`)
		client.tell(call(address, "/note.Notes/Unary", `"steps":[{"send":""}]`))
		time.Sleep(100 * time.Millisecond)
		ending := map[string]*harness{"server": server, "client": client}[ends]
		ending.in.Close()
		if got := client.ended("call"); got.Status.Code != codes.OK {
			t.Errorf("%s: got %+v", ends, got)
		}
		<-ending.done
	}
}

func TestSignalStopsWithinGrace(t *testing.T) {
	t.Parallel()
	h := start(t)
	address, _ := h.listen("")
	h.script("/note.Notes/Unary", `{"waitMs":60000}`)
	h.tell(call(address, "/note.Notes/Unary", `"steps":[{"send":""}]`))
	time.Sleep(100 * time.Millisecond)
	start := time.Now()
	h.stop()
	<-h.done
	if took := time.Since(start); took < grace-time.Second || took > grace+2*time.Second {
		t.Errorf("took %v, want %v", took, grace)
	}
}
