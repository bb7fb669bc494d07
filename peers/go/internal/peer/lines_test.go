package peer

import (
	"fmt"
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
		{`{"id":"g","script":{"compression":"br"}}`, "g", `compression "br" is unknown`},
		{fmt.Sprintf(`{"id":"h","listen":{"host":"127.0.0.1","port":%d}}`, port), "h", "address already in use"},
		{`{"id":"i","flush":{"unknown":[1]},"unknown":{}}`, "i", ""},
	} {
		h.tell("%s", line.text)
		got := h.answer(line.id).Refused
		if !strings.Contains(got, line.refused) || (got == "") != (line.refused == "") {
			t.Errorf("%s: refused %q, want %q", line.text, got, line.refused)
		}
	}
}

func TestSaysWhatOfACallItDoesNotKnow(t *testing.T) {
	h := start(t)
	for _, c := range []struct{ method, steps, members, want string }{
		{"None", ``, ``, `method "/note.Notes/None"`},
		{"Unary", ``, `,"types":"/None/Unary"`, `method "/None/Unary"`},
		{"Unary", ``, `,"compression":"br"`, `compression "br"`},
		{"Unary", `{"send":""},{"dance":{}}`, ``, "step 2"},
	} {
		h.begin(at("127.0.0.1:1"), c.method, c.steps, c.members)
		if got := h.ended("call"); got.Unsupported != c.want || got.Status != nil {
			t.Errorf("got %+v, want %q", got, c.want)
		}
	}
}

func TestHugeLinesAndLimits(t *testing.T) {
	h := start(t)
	large, _ := h.listen(`,"maxReceiveBytes":9000000`)
	small, _ := h.listen(`,"maxReceiveBytes":1000`)
	h.script("/note.Notes/Unary", `{"receive":1},`+send(strings.Repeat("b", 8<<20)))
	huge := send(strings.Repeat("a", 8<<20))
	for channel, want := range map[string]codes.Code{
		large + `,"maxReceiveBytes":9000000`: codes.OK,
		large:                                codes.ResourceExhausted,
		small + `,"maxReceiveBytes":9000000`: codes.ResourceExhausted,
	} {
		if got := h.status(channel, "Unary", huge, ""); got.Code != want {
			t.Errorf("%s: got %+v", channel, got)
		}
	}
}

func TestEndOfInputLetsCallsFinish(t *testing.T) {
	for _, ends := range []string{"server", "client"} {
		server, client := start(t), start(t)
		channel, _ := server.listen("")
		server.script("/note.Notes/Unary", `{"waitMs":300},{"send":""}`)
		client.begin(channel, "Unary", `{"send":""}`, "")
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
	channel, _ := h.listen("")
	h.script("/note.Notes/Unary", `{"waitMs":60000}`)
	h.begin(channel, "Unary", `{"send":""}`, "")
	time.Sleep(100 * time.Millisecond)
	start := time.Now()
	h.stop()
	<-h.done
	if took := time.Since(start); took < grace-time.Second || took > grace+2*time.Second {
		t.Errorf("took %v, want %v", took, grace)
	}
}
