package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/wrapperspb"
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
	command.Env = append(os.Environ(), "STITCH_PROGRAM=1", "HTTP_PROXY=http://127.0.0.1:1")
	return command
}

// session is a program that plays both roles with itself.
type session struct {
	t       *testing.T
	command *exec.Cmd
	in      io.WriteCloser
	lines   *bufio.Scanner
	early   []lineOut // read, and not yet asked for
	port    int
}

// start starts a program that knows the types of the tests and listens.
func start(t *testing.T) *session {
	t.Helper()
	command := program(t)
	in, _ := command.StdinPipe()
	out, _ := command.StdoutPipe()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	s := &session{t: t, command: command, in: in, lines: bufio.NewScanner(out)}
	s.lines.Buffer(nil, math.MaxInt)
	t.Cleanup(func() { in.Close() })
	if first := s.next(); first.Ready["library"] != "connect-go" {
		t.Fatalf("the first line is not ready: %+v", first)
	}
	s.do("types", map[string]any{"files": kinds(t)})
	s.port = s.do("listen", map[string]any{"host": "127.0.0.1"}).Port
	return s
}

// kinds describes a service of all kinds, as a serialized FileDescriptorSet.
func kinds(t *testing.T) []byte {
	method := func(name string, client, server bool) *descriptorpb.MethodDescriptorProto {
		text := proto.String(".google.protobuf.StringValue")
		return &descriptorpb.MethodDescriptorProto{
			Name: &name, InputType: text, OutputType: text, ClientStreaming: &client, ServerStreaming: &server,
		}
	}
	file := &descriptorpb.FileDescriptorProto{
		Name:       proto.String("kinds.proto"),
		Package:    proto.String("t"),
		Syntax:     proto.String("proto3"),
		Dependency: []string{"google/protobuf/wrappers.proto"},
		Service: []*descriptorpb.ServiceDescriptorProto{{
			Name: proto.String("Kinds"),
			Method: []*descriptorpb.MethodDescriptorProto{
				method("Unary", false, false), method("Client", true, false),
				method("Server", false, true), method("Bidi", true, true),
			},
		}},
	}
	wrappers := protodesc.ToFileDescriptorProto(wrapperspb.File_google_protobuf_wrappers_proto)
	files := []*descriptorpb.FileDescriptorProto{wrappers, file}
	return serialize(t, &descriptorpb.FileDescriptorSet{File: files})
}

func serialize(t *testing.T, m proto.Message) []byte {
	t.Helper()
	serialized, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return serialized
}

// text is a serialized message.
func text(t *testing.T, value string) []byte { return serialize(t, wrapperspb.String(value)) }

func (s *session) tell(line any) {
	s.t.Helper()
	text, err := json.Marshal(line)
	if err != nil {
		s.t.Fatal(err)
	}
	s.in.Write(append(text, '\n'))
}

// next reads a line.
func (s *session) next() (line lineOut) {
	s.t.Helper()
	if !s.lines.Scan() {
		s.t.Fatal("no more lines")
	}
	if err := json.Unmarshal(s.lines.Bytes(), &line); err != nil {
		s.t.Fatal(err)
	}
	return line
}

// await returns the first line that is wanted, read already or yet to come.
func (s *session) await(wanted func(lineOut) bool) lineOut {
	s.t.Helper()
	for i, line := range s.early {
		if wanted(line) {
			s.early = append(s.early[:i:i], s.early[i+1:]...)
			return line
		}
	}
	for {
		line := s.next()
		if wanted(line) {
			return line
		}
		s.early = append(s.early, line)
	}
}

// do gives an instruction, with its name as its id, and returns the answer.
func (s *session) do(instruction string, what any) *answer {
	s.t.Helper()
	s.tell(map[string]any{"id": instruction, instruction: what})
	return s.answer(instruction)
}

func (s *session) address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

func (s *session) answer(id string) *answer {
	s.t.Helper()
	return s.await(func(line lineOut) bool { return line.Answer != nil && line.Answer.ID == id }).Answer
}

func (s *session) ended(id string) *ended {
	s.t.Helper()
	return s.await(func(line lineOut) bool { return line.Ended != nil && line.Ended.ID == id }).Ended
}

func (s *session) served(id string) *served {
	s.t.Helper()
	return s.await(func(line lineOut) bool { return line.Served != nil && line.Served.CallID == id }).Served
}

// object is one of JSON.
type object = map[string]any

// script keeps a script.
func (s *session) script(name string, steps ...object) {
	s.t.Helper()
	if answer := s.do("script", object{"name": name, "steps": steps}); answer.Refused != "" {
		s.t.Fatal(answer.Refused)
	}
}

// call makes a call, whose id is the name of the script that it names.
func (s *session) call(id, method string, more object, steps ...object) {
	s.t.Helper()
	call := object{
		"channel":  object{"address": s.address(s.port)},
		"method":   method,
		"metadata": []object{{"key": "stitch-script", "text": id}},
		"steps":    steps,
	}
	for key, value := range more {
		call[key] = value
	}
	s.tell(object{"id": id, "call": call})
}

func send(bytes []byte) object { return object{"send": append([]byte{}, bytes...)} }
func receive(count int) object { return object{"receive": count} }
func waitMs(ms int) object     { return object{"waitMs": ms} }

// all are the texts of messages, with how often each comes in a row.
func all(t *testing.T, messages messages) string {
	t.Helper()
	var texts []string
	for _, entry := range messages {
		var value wrapperspb.StringValue
		if err := proto.Unmarshal(entry.Bytes, &value); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, fmt.Sprintf("%d×%.9s", entry.Times, value.GetValue()))
	}
	return strings.Join(texts, " ")
}

func check[T comparable](t *testing.T, what string, got, wanted T) {
	t.Helper()
	if got != wanted {
		t.Errorf("%s: got %v, wanted %v", what, got, wanted)
	}
}
