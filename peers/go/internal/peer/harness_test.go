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
	return h.await("answer "+id, func(l contract.LineOut) bool { return l.Answer != nil && l.Answer.ID == id }).Answer
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
	return h.await("end of "+id, func(l contract.LineOut) bool { return l.Ended != nil && l.Ended.ID == id }).Ended
}

func (h *harness) served(callID string) *contract.Served {
	h.t.Helper()
	return h.await("record of "+callID, func(l contract.LineOut) bool { return l.Served != nil && l.Served.CallID == callID }).Served
}

// listen opens a listener with these members besides its host, and returns its address.
func (h *harness) listen(members string) (address string, port int) {
	h.t.Helper()
	h.tell(`{"id":"listen","listen":{"host":"127.0.0.1"%s}}`, members)
	port = h.mustDo("listen").Port
	return fmt.Sprintf("127.0.0.1:%d", port), port
}

// script keeps the script of a method, whose steps these are.
func (h *harness) script(method, steps string) {
	h.t.Helper()
	h.tell(`{"id":"script","script":{"name":%q,"steps":[%s]}}`, method, steps)
	h.mustDo("script")
}

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

// noteTypes are a service with a method of each kind, which take and give
// note.Note, in base64.
func noteTypes(t *testing.T) string {
	t.Helper()
	method := func(name string, client, server bool) *descriptorpb.MethodDescriptorProto {
		return &descriptorpb.MethodDescriptorProto{
			Name: &name, InputType: proto.String(".note.Note"), OutputType: proto.String(".note.Note"),
			ClientStreaming: &client, ServerStreaming: &server,
		}
	}
	set := &descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{{
		Name: proto.String("note.proto"), Package: proto.String("note"), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{{
			Name: proto.String("Note"),
			Field: []*descriptorpb.FieldDescriptorProto{{
				Name: proto.String("text"), Number: proto.Int32(1), Type: descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum(),
				Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
			}},
		}},
		Service: []*descriptorpb.ServiceDescriptorProto{{
			Name: proto.String("Notes"),
			Method: []*descriptorpb.MethodDescriptorProto{
				method("Unary", false, false), method("Up", true, false),
				method("Down", false, true), method("Both", true, true),
			},
		}},
	}}}
	serialized, err := proto.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(serialized)
}
