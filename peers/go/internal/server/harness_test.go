package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"

	"stitch.test/peers/go/internal/gen/peerpb"
	"stitch.test/peers/go/internal/session"
)

// driven is a server that a test drives as the harness would.
type driven struct {
	t    *testing.T
	in   *io.PipeWriter
	out  *bufio.Reader
	port int32
	done chan error
}

func drive(t *testing.T) *driven {
	t.Helper()
	in, instructions := io.Pipe()
	lines, out := io.Pipe()
	d := &driven{t: t, in: instructions, out: bufio.NewReader(lines), done: make(chan error, 1)}
	go func() { d.done <- Harness(context.Background(), "127.0.0.1", 0, in, out) }()
	t.Cleanup(func() { instructions.Close() })
	d.port = d.read().GetListening().GetPort()
	return d
}

// read returns the next line of the server.
func (d *driven) read() *peerpb.ServerLine {
	d.t.Helper()
	line, err := d.out.ReadBytes('\n')
	if err != nil {
		d.t.Fatal(err)
	}
	var got peerpb.ServerLine
	if err := session.Parse(line, &got); err != nil {
		d.t.Fatal(err)
	}
	return &got
}

// tell sends one line and returns the answer.
func (d *driven) tell(format string, values ...any) *peerpb.ServerLine {
	d.t.Helper()
	fmt.Fprintf(d.in, format+"\n", values...)
	return d.read()
}

func TestSaysWhatItIs(t *testing.T) {
	in, out := strings.NewReader(""), new(strings.Builder)
	if err := Harness(t.Context(), "127.0.0.1", 0, in, out); err != nil {
		t.Fatal(err)
	}
	var first peerpb.ServerLine
	if err := session.Parse([]byte(out.String()), &first); err != nil {
		t.Fatal(err)
	}
	got := first.GetListening().GetImplementation()
	if got.GetLanguage() != "Go" || !strings.HasPrefix(got.GetLanguageVersion(), "1.") || got.GetLibrary() != "grpc-go" || got.GetLibraryVersion() == "" {
		t.Errorf("got %v", got)
	}
}

func TestListensClosesAndComesBack(t *testing.T) {
	d := drive(t)
	for range 3 {
		if got := d.tell(`{"close":{"port":%d}}`, d.port).GetClosed(); got.GetPort() != d.port {
			t.Fatalf("close: got %v", got)
		}
		if conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", d.port)); err == nil {
			conn.Close()
			t.Fatal("the port still answers")
		}
		if got := d.tell(`{"listen":{"port":%d}}`, d.port).GetListening(); got.GetPort() != d.port {
			t.Fatalf("listen: got %v", got)
		}
	}
}

func TestClosesConnectionsThatNeverSpoke(t *testing.T) {
	d := drive(t)
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", d.port))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := conn.Read(make([]byte, 1)); err != nil { // the server's SETTINGS: it was accepted
		t.Fatal(err)
	}
	start := time.Now()
	if got := d.tell(`{"close":{"port":%d}}`, d.port).GetClosed(); got == nil || time.Since(start) > time.Second {
		t.Errorf("got %v after %v", got, time.Since(start))
	}
}

func TestAnswersEveryInstruction(t *testing.T) {
	d := drive(t)
	if got := d.tell(`{"flush":{},"unknown":[1]}`); got.GetFlushed() == nil {
		t.Errorf("flush: got %v", got)
	}
	for line, want := range map[string]string{
		`garbage`:              "not an instruction: syntax error (line 1:1): invalid value garbage",
		`{"dance":{}}`:         "unknown instruction",
		`{}`:                   "unknown instruction",
		`{"close":{"port":1}}`: "port 1: nothing listens here",
		fmt.Sprintf(`{"listen":{"port":%d}}`, d.port): fmt.Sprintf("port %d: address already in use", d.port),
	} {
		if got := d.tell("%s", line).GetRefused().GetReason(); got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
}

func TestEndOfInputLetsCallsFinish(t *testing.T) {
	d, begun := drive(t), make(headers, 1)
	client := dial(t, fmt.Sprintf("127.0.0.1:%d", d.port), grpc.WithStatsHandler(begun))
	answered := make(chan error, 1)
	go func() {
		answered <- pick(t.Context(), client, nil, "stitch-send-headers", "now", "stitch-wait-ms", "200")
	}()
	<-begun
	d.in.Close()
	select {
	case <-d.done:
		t.Error("it stopped with a call in flight")
	case <-time.After(50 * time.Millisecond):
	}
	if got := d.read().GetServed(); got.GetReply().GetName() != "Stitch" {
		t.Errorf("served: got %v", got)
	}
	if err := <-answered; err != nil {
		t.Errorf("client: got %v", err)
	}
	if err := <-d.done; err != nil {
		t.Error(err)
	}
}

func TestPortInUseIsAnError(t *testing.T) {
	d := drive(t)
	err := Harness(t.Context(), "127.0.0.1", int(d.port), strings.NewReader(""), io.Discard)
	if want := fmt.Sprintf("port %d: address already in use", d.port); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
