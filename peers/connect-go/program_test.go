package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestMain makes the test binary the program itself when told.
func TestMain(m *testing.M) {
	if os.Getenv("STITCH_PROGRAM") != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func program(t *testing.T, args ...string) *exec.Cmd {
	command := exec.CommandContext(t.Context(), os.Args[0], args...)
	command.Env = append(os.Environ(), "STITCH_PROGRAM=1")
	return command
}

// session is a program whose lines a test reads.
type session struct {
	t       *testing.T
	in      io.WriteCloser
	lines   *bufio.Scanner
	wait    func() error
	process *os.Process
}

func start(t *testing.T, args ...string) *session {
	command := program(t, args...)
	in, _ := command.StdinPipe()
	out, _ := command.StdoutPipe()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	return &session{t, in, bufio.NewScanner(out), command.Wait, command.Process}
}

// next returns the next line, without blanks, of which protojson writes as it pleases.
func (s *session) next() string {
	s.t.Helper()
	if !s.lines.Scan() {
		s.t.Fatal("no more lines")
	}
	return strings.ReplaceAll(s.lines.Text(), " ", "")
}

func (s *session) tell(line string) string {
	s.t.Helper()
	io.WriteString(s.in, line+"\n")
	return s.next()
}

func (s *session) stop() {
	s.t.Helper()
	s.in.Close()
	for s.lines.Scan() {
	}
	if err := s.wait(); err != nil {
		s.t.Error(err)
	}
}

func wantMatch(t *testing.T, line, pattern string) []string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(line)
	if found == nil {
		t.Fatalf("wanted %s, got %s", pattern, line)
	}
	return found
}

func TestASentenceAndAnExitCode(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	for _, c := range []struct {
		args      []string
		in, error string
	}{
		{[]string{"server", "--port", port}, "", "address already in use\n$"},
		{[]string{"client"}, "nonsense\n", "not a call: "},
		{[]string{"dance"}, "", "unknown role"},
		{nil, "", "usage: "},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			var errs bytes.Buffer
			command := program(t, c.args...)
			command.Stdin, command.Stderr = strings.NewReader(c.in), &errs
			command.Run()
			if code := command.ProcessState.ExitCode(); code != 1 {
				t.Errorf("wanted 1, got %d", code)
			}
			wantMatch(t, errs.String(), c.error)
		})
	}
}

func TestSIGTERMIsTheEndOfInput(t *testing.T) {
	for _, role := range []string{"server", "client"} {
		session := start(t, role)
		session.next()
		session.process.Signal(syscall.SIGTERM)
		if err := session.wait(); err != nil {
			t.Error(role, err)
		}
	}
}

func TestTheHarness(t *testing.T) {
	server, client := start(t, "server"), start(t, "client")
	port := wantMatch(t, server.next(), `^{"listening":{"port":(\d+),"implementation":{"language":"Go"`)[1]
	wantMatch(t, client.next(), `^{"ready":{"language":"Go".*"library":"connect-go","libraryVersion":"1\.`)

	call := func(metadata string) (ended, served string) {
		ended = client.tell(`{"id":"1","kind":"unary","address":"127.0.0.1:` + port + `","method":"/Manage/PickOne","timeout":"10s",` +
			`"request":{"name":"Stitch"},"metadata":[{"key":"stitch-call-id","text":"c1"}` + metadata + `]}`)
		return ended, server.next()
	}
	ended, served := call(`,{"key":"stitch-header-x-bin","binary":"/wA="},{"key":"stitch-trailer-x","text":"t"},{"key":"stitch-send-headers","text":"now"}`)
	wantMatch(t, ended, `"id":"1".*"reply":{"name":"Stitch","id":7.*"headers":.*"key":"x-bin","binary":"/wA=".*"trailers":.*"key":"x","text":"t"`)
	wantMatch(t, served, `"callId":"c1","method":"/Manage/PickOne","request":{"name":"Stitch"}.*"timeRemaining":"9\.`)
	ended, served = call(`,{"key":"stitch-status-code","text":"9"},{"key":"stitch-status-message-bin","binary":"YWhh"}`)
	wantMatch(t, ended, `"code":9,"message":"aha"`)
	wantMatch(t, served, `"code":9,"message":"aha"`)
	for _, entry := range []string{
		`,{"key":"stitch-wait-ms","text":"soon"}`,
		`,{"key":"stitch-status-code","text":"OK"}`,
	} {
		ended, _ := call(entry)
		wantMatch(t, ended, `"code":3,"message":"stitch-`)
	}
	wantMatch(t, client.tell(`{"id":"2","kind":"bidi"}`), `{"ended":{"id":"2","unsupported":"callkind\\"bidi\\""}}`)

	wantMatch(t, server.tell(`{"listen":{"port":`+port+`}}`), `{"refused":{"reason":".*addressalreadyinuse"}}`)
	more := wantMatch(t, server.tell(`{"listen":{}}`), `{"listening":{"port":(\d+)`)[1]
	wantMatch(t, server.tell(`{"close":{"port":`+more+`}}`), `{"closed":{"port":`+more+`}}`)
	wantMatch(t, server.tell(`{"close":{"port":`+more+`}}`), `{"refused":`)
	wantMatch(t, server.tell(`{"flush":{}}`), `{"flushed":{}}`)
	wantMatch(t, server.tell(`{"dance":{}}`), `{"refused":{"reason":"unknowninstruction"}}`)
	wantMatch(t, server.tell(`nonsense`), `{"refused":`)
	if tcp, err := net.Listen("tcp", "127.0.0.1:"+more); err != nil {
		t.Error(err)
	} else {
		tcp.Close()
	}
	client.stop()
	server.stop()
}
