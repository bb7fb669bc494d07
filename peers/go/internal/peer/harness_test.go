package peer

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"stitch.test/peers/go/internal/contract"
)

// harness drives a peer as the harness does.
type harness struct {
	t      *testing.T
	in     *io.PipeWriter
	out    chan contract.LineOut
	unread []contract.LineOut
	stop   context.CancelFunc
	done   chan struct{}
}

// start starts a peer that knows the types of noteTypes, and has said that it is
// ready.
func start(t *testing.T) *harness {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	in, told := io.Pipe()
	lines, out := io.Pipe()
	h := &harness{t: t, in: told, out: make(chan contract.LineOut, 1000), stop: stop, done: make(chan struct{})}
	go func() {
		defer close(h.done)
		Run(ctx, in, out)
		out.Close()
	}()
	go h.read(bufio.NewReader(lines))
	t.Cleanup(func() { told.Close() })
	if first := <-h.out; first.Ready == nil {
		t.Fatalf("the first line: %+v", first)
	}
	h.tell(`{"id":"types","types":{"files":%q}}`, noteTypes(t))
	h.mustDo("types")
	return h
}

func (h *harness) read(lines *bufio.Reader) {
	defer close(h.out)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var got contract.LineOut
		if err := json.Unmarshal(line, &got); err != nil {
			h.t.Errorf("%s: %v", line, err)
		}
		h.out <- got
	}
}

func (h *harness) tell(format string, values ...any) {
	fmt.Fprintf(h.in, format+"\n", values...)
}

// await returns the next line that is wanted, and keeps the others.
func (h *harness) await(what string, wanted func(contract.LineOut) bool) contract.LineOut {
	h.t.Helper()
	for i, line := range h.unread {
		if wanted(line) {
			h.unread = append(h.unread[:i:i], h.unread[i+1:]...)
			return line
		}
	}
	deadline := time.After(20 * time.Second)
	for {
		select {
		case line, ok := <-h.out:
			if !ok {
				h.t.Fatalf("the peer ended without %s", what)
			}
			if wanted(line) {
				return line
			}
			h.unread = append(h.unread, line)
		case <-deadline:
			h.t.Fatalf("no %s; there were %+v", what, h.unread)
		}
	}
}

func (h *harness) answer(id string) *contract.Answer {
	h.t.Helper()
	mine := func(l contract.LineOut) bool { return l.Answer != nil && l.Answer.ID == id }
	return h.await("answer "+id, mine).Answer
}

// mustDo awaits an answer that is no refusal.
func (h *harness) mustDo(id string) *contract.Answer {
	h.t.Helper()
	answer := h.answer(id)
	if answer.Refused != "" {
		h.t.Fatalf("%s: refused: %s", id, answer.Refused)
	}
	return answer
}

func (h *harness) ended(id string) *contract.Ended {
	h.t.Helper()
	mine := func(l contract.LineOut) bool { return l.Ended != nil && l.Ended.ID == id }
	return h.await("end of "+id, mine).Ended
}

func (h *harness) served(callID string) *contract.Served {
	h.t.Helper()
	mine := func(l contract.LineOut) bool { return l.Served != nil && l.Served.CallID == callID }
	return h.await("record of "+callID, mine).Served
}

// listen opens a listener with these members besides its host, and returns the
// members of a channel to it, and its port.
func (h *harness) listen(members string) (channel string, port int) {
	h.t.Helper()
	h.tell(`{"id":"listen","listen":{"host":"127.0.0.1"%s}}`, members)
	port = h.mustDo("listen").Port
	return at(fmt.Sprintf("127.0.0.1:%d", port)), port
}

// at is the members of a channel to that address.
func at(address string) string { return fmt.Sprintf(`"address":%q`, address) }

// script keeps a script of these steps.
func (h *harness) script(name, steps string) {
	h.t.Helper()
	h.tell(`{"id":"script","script":{"name":%q,"steps":[%s]}}`, name, steps)
	h.mustDo("script")
}

// begin begins the call "call" of a method of note.Notes with these steps, and
// these members besides.
func (h *harness) begin(channel, method, steps, members string) {
	h.tell(`{"id":"call","call":{"channel":{%s},"method":"/note.Notes/%s","steps":[%s]%s}}`,
		channel, method, steps, members)
}

// play is begin, and what came of it at the client and at the server, which told
// before the client could.
func (h *harness) play(channel, method, steps, members string) (*contract.Ended, *contract.Served) {
	h.t.Helper()
	h.begin(channel, method, steps, members)
	ended := h.ended("call")
	for _, line := range h.unread {
		if line.Served != nil {
			return ended, h.served("call")
		}
	}
	h.t.Fatalf("no record before the end: %+v", ended)
	return nil, nil
}

// status is play with nobody looking at the server.
func (h *harness) status(channel, method, steps, members string) *contract.Status {
	h.t.Helper()
	h.begin(channel, method, steps, members)
	return h.ended("call").Status
}

// send is the step that sends a note.
func send(text string) string { return fmt.Sprintf(`{"send":%q}`, note(text)) }

// note is a note.Note with that text, in base64.
func note(text string) string {
	return base64.StdEncoding.EncodeToString(protowire.AppendString([]byte{1<<3 | 2}, text))
}

// texts are the texts of notes, those that are there twice with their number: "a a*3 b".
func texts(notes contract.Messages) string {
	var words []string
	for _, n := range notes {
		word, _ := protowire.ConsumeString(n.Bytes[min(1, len(n.Bytes)):])
		if n.Times > 0 {
			word = fmt.Sprintf("%s*%d", word, n.Times)
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// noteTypes are a service with a method of each kind, which takes and gives
// note.Note, and one that takes note.Raw, any bytes in place of its text; in
// base64.
func noteTypes(t *testing.T) string {
	t.Helper()
	const text, raw = descriptorpb.FieldDescriptorProto_TYPE_STRING, descriptorpb.FieldDescriptorProto_TYPE_BYTES
	message := func(name string, kind descriptorpb.FieldDescriptorProto_Type) *descriptorpb.DescriptorProto {
		label := descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL
		return &descriptorpb.DescriptorProto{Name: &name, Field: []*descriptorpb.FieldDescriptorProto{{
			Name: proto.String("text"), Number: proto.Int32(1), Type: &kind, Label: &label,
		}}}
	}
	method := func(name, in string, client, server bool) *descriptorpb.MethodDescriptorProto {
		return &descriptorpb.MethodDescriptorProto{
			Name: &name, InputType: &in, OutputType: proto.String(".note.Note"),
			ClientStreaming: &client, ServerStreaming: &server,
		}
	}
	set := &descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{{
		Name: proto.String("note.proto"), Package: proto.String("note"), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{message("Note", text), message("Raw", raw)},
		Service: []*descriptorpb.ServiceDescriptorProto{{
			Name: proto.String("Notes"),
			Method: []*descriptorpb.MethodDescriptorProto{
				method("Unary", ".note.Note", false, false),
				method("Up", ".note.Note", true, false),
				method("Down", ".note.Note", false, true),
				method("Both", ".note.Note", true, true),
				method("Raw", ".note.Raw", false, false),
			},
		}},
	}}}
	serialized, err := proto.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(serialized)
}
