package peer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

func TestPlainService(t *testing.T) {
	h := start(t)
	channel, _ := h.listen("")
	for name, want := range map[string]codes.Code{"Stitch": codes.OK, "Nobody": codes.NotFound} {
		h.tell(`{"id":"call","call":{"channel":{%s},"method":"/Manage/PickOne","steps":[%s]}}`, channel, send(name))
		got, served := h.ended("call"), h.served("call")
		if got.Status.Code != want || len(got.Responses) != len(served.Responses) || got.Sent != 1 {
			t.Errorf("%s: got %+v", name, got)
		}
		if texts(served.Requests) != name || served.Status.Code != want || served.Script != "" {
			t.Errorf("%s: served %+v", name, served)
		}
	}
}

func TestPlaysEveryKind(t *testing.T) {
	h := start(t)
	channel, _ := h.listen("")
	const one, all, end = `{"receive":1}`, `{"receive":-1}`, `{"end":{"trailers":[{"key":"x","text":"1"}]}}`
	a, b, threeA := send("a"), send("b"), strings.Replace(send("a"), "}", `,"times":3}`, 1)
	for _, kind := range []struct {
		method              string
		server, client      []string
		requests, responses string
	}{
		{"Unary", []string{one, b, end}, []string{a}, "a", "b"},
		{"Up", []string{all, b, end}, []string{threeA, b}, "a*3 b", "b"},
		{"Down", []string{all, threeA, b, end}, []string{a, one}, "a", "a*3 b"},
		{"Both", []string{one, b, one, a, end}, []string{a, one, b, one}, "a b", "b a"},
		// The server speaks first.
		{"Both", []string{`{"headers":{}}`, b, all, end}, []string{one, a, `{"close":true}`}, "a", "b"},
	} {
		path := "/note.Notes/" + kind.method
		h.script(path, strings.Join(kind.server, ","))
		got, served := h.play(channel, kind.method, strings.Join(kind.client, ","), "")
		if got.Status.Code != codes.OK || texts(got.Responses) != kind.responses || len(got.Trailers) != 1 {
			t.Errorf("%s: got %+v", kind.method, got)
		}
		requests, responses := texts(served.Requests), texts(served.Responses)
		if requests != kind.requests || responses != kind.responses || served.Script != path {
			t.Errorf("%s: served %+v", kind.method, served)
		}
	}
}

func TestStatusAndMetadata(t *testing.T) {
	h := start(t)
	channel, _ := h.listen("")
	// The details are a google.rpc.Status with one Any of type "x".
	h.script("/note.Notes/Unary", `{"headers":{"entries":[{"key":"h-bin","binary":"AP8="}]}},`+
		`{"end":{"status":{"code":9,"message":"né","details":"GgMKAXg="},`+
		`"trailers":[{"key":"t","text":"2"},{"key":"t","text":"1"}]}}`)
	got, served := h.play(channel, "Unary", `{"send":""}`,
		`,"timeoutMs":60000,"metadata":[{"key":"x","text":"1"},{"key":"x","text":"2"}]`)
	if s := got.Status; s.Code != codes.FailedPrecondition || s.Message != "né" || len(s.Details) == 0 {
		t.Errorf("status %+v", s)
	}
	if binary := got.Headers[1]; binary.Key != "h-bin" || string(binary.Binary) != "\x00\xff" || binary.Text != nil {
		t.Errorf("headers %+v", got.Headers)
	}
	if last := len(got.Trailers) - 1; *got.Trailers[last-1].Text+*got.Trailers[last].Text != "21" {
		t.Errorf("trailers %+v", got.Trailers)
	}
	if last := len(served.Metadata) - 1; *served.Metadata[last-1].Text+*served.Metadata[last].Text != "12" {
		t.Errorf("metadata %+v", served.Metadata)
	}
	if served.TimeRemainingMs == nil || *served.TimeRemainingMs > 60000 || *served.TimeRemainingMs < 50000 {
		t.Errorf("time remaining: %v", served.TimeRemainingMs)
	}
}

func TestScriptsByName(t *testing.T) {
	h := start(t)
	channel, _ := h.listen("")
	h.script("other", `{"end":{"status":{"code":5,"message":"other"}}}`)
	for name, want := range map[string]string{"": "no script", "none": `no script "none"`, "other": "other"} {
		metadata := fmt.Sprintf(`,"metadata":[{"key":"stitch-script","text":%q}]`, name)
		if got := h.status(channel, "Down", `{"send":""}`, metadata); got.Message != want {
			t.Errorf("got %+v, want %q", got, want)
		}
	}
}

func TestMessagesThatCannotBeParsed(t *testing.T) {
	h := start(t)
	channel, _ := h.listen("")
	const notUTF8 = `{"send":"CgH/"}`
	h.begin(channel, "Unary", notUTF8, "")
	if got := h.ended("call"); got.Unusable == "" || got.Status != nil {
		t.Errorf("a request: got %+v", got)
	}
	h.tell(`{"id":"flush","flush":{}}`)
	h.mustDo("flush")
	h.unread = nil // a record of that call, or none

	h.script("/note.Notes/Unary", `{"receive":1},`+notUTF8)
	for what, c := range map[string]struct{ steps, members string }{
		"a response":                {send("a"), ``},
		"a request that comes over": {notUTF8, `,"types":"/note.Notes/Raw"`},
	} {
		got, served := h.play(channel, "Unary", c.steps, c.members)
		if got.Status.Code != codes.Internal || !strings.HasPrefix(served.Unusable, "proto:") {
			t.Errorf("%s: got %+v, served %+v", what, got, served)
		}
	}
}

func TestCancelAndDeadlineReachTheScript(t *testing.T) {
	h := start(t)
	channel, _ := h.listen("")
	h.script("/note.Notes/Both", `{"receive":1},{"send":""},{"waitMs":60000}`)
	for _, c := range []struct {
		steps, members string
		want           codes.Code
	}{
		{`{"send":""},{"receive":1},{"cancel":true}`, ``, codes.Canceled},
		{`{"send":""},{"receive":1},{"waitMs":50},{"cancel":true}`, ``, codes.Canceled},
		{`{"send":""},{"close":true}`, `,"timeoutMs":100`, codes.DeadlineExceeded},
		{`{"send":""},{"receive":1},{"waitMs":60000}`, `,"timeoutMs":100`, codes.DeadlineExceeded},
	} {
		h.begin(channel, "Both", c.steps, c.members)
		if got := h.ended("call"); got.Status.Code != c.want || len(got.Responses) != 1 {
			t.Errorf("%s: got %+v", c.steps, got)
		}
		if served := h.served("call"); !served.Cancelled || served.Status != nil {
			t.Errorf("%s: served %+v", c.steps, served)
		}
	}
	steps, members := `{"send":""},{"waitMs":50},{"cancel":true}`, `,"waitForReady":true`
	if got := h.status(at("127.0.0.1:1"), "Unary", steps, members); got.Code != codes.Canceled {
		t.Errorf("a call that is not connected: got %+v", got)
	}
}

func TestAWaitEndsWithTheCall(t *testing.T) {
	h := start(t)
	channel, _ := h.listen("")
	h.script("/note.Notes/Unary", `{"receive":1},{"send":""}`)
	got, _ := h.play(channel, "Unary", `{"send":""},{"waitMs":60000},{"cancel":true}`, "")
	if got.Status.Code != codes.OK || len(got.Responses) != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestTimes(t *testing.T) {
	h := start(t)
	channel, _ := h.listen("")
	h.script("/note.Notes/Unary", `{"waitMs":100},{"send":""}`)
	start := time.Now()
	h.begin(channel, "Unary", `{"send":""}`, `,"times":10,"atOnce":5`)
	for i := range 10 {
		if got := h.ended(fmt.Sprintf("call.%d", i)); got.Status.Code != codes.OK {
			t.Errorf("got %+v", got)
		}
	}
	if took := time.Since(start); took < 200*time.Millisecond || took > 800*time.Millisecond {
		t.Errorf("took %v, want two rounds of 100 ms", took)
	}
}

func TestGzip(t *testing.T) {
	h := start(t)
	_, port := h.listen("")
	long := send(strings.Repeat("a", 100_000))
	for _, c := range []struct {
		request, response string
		most              int64
	}{{"", "", 300_000}, {"", "gzip", 110_000}, {"gzip", "", 10_000}} { // gzip is answered with gzip, unasked
		r := startRelay(t, port)
		h.tell(`{"id":"script","script":{"name":"s","compression":%q,"steps":[{"receive":1},%s]}}`, c.response, long)
		h.mustDo("script")
		got, _ := h.play(at(r.address), "Unary", long,
			fmt.Sprintf(`,"compression":%q,"metadata":[{"key":"stitch-script","text":"s"}]`, c.request))
		if got.Status.Code != codes.OK || len(got.Responses[0].Bytes) < 100_000 {
			t.Errorf("got %+v", got.Status)
		}
		if bytes := r.bytes.Load(); bytes > c.most || bytes < c.most/20 {
			t.Errorf("%q, %q: %d bytes crossed", c.request, c.response, bytes)
		}
	}
}
