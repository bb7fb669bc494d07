package server

import (
	"cmp"
	"context"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"stitch.test/peers/go/internal/contract"
	"stitch.test/peers/go/internal/gen/expirementpb"
	"stitch.test/peers/go/internal/manage"
)

// call is a call of any kind, as its handler has it.
type call struct {
	ctx        context.Context
	method     protoreflect.MethodDescriptor
	receiveMsg func(message any) error // io.EOF after the last
	sendMsg    func(message any) error
	record     contract.Served
	reported   chan struct{}
}

// handle answers c and reports it. Its error is the status for the library.
func (s *Server) handle(c *call) error {
	c.reported = make(chan struct{})
	s.calls.Store(c, nil)
	defer s.calls.Delete(c)
	defer close(c.reported)

	md, _ := metadata.FromIncomingContext(c.ctx)
	c.record.CallID = strings.Join(md["stitch-call-id"], ",")
	c.record.Method, _ = grpc.Method(c.ctx)
	c.record.Metadata = contract.Metadata(md)
	c.record.ClientName = clientName(c.ctx)
	if deadline, ok := c.ctx.Deadline(); ok {
		remaining := contract.MillisOf(time.Until(deadline))
		c.record.TimeRemainingMs = &remaining
	}
	err := s.answer(c, strings.Join(md["stitch-script"], ","))
	c.record.Cancelled = c.ctx.Err() != nil
	if !c.record.Cancelled {
		c.record.Status = contract.StatusOf(err)
	}
	s.Report(&c.record)
	return err
}

// clientName is the common name of the certificate that the client of a call has
// shown, or empty.
func clientName(ctx context.Context) string {
	if from, ok := peer.FromContext(ctx); ok {
		if info, ok := from.AuthInfo.(credentials.TLSInfo); ok && len(info.State.PeerCertificates) > 0 {
			return info.State.PeerCertificates[0].Subject.CommonName
		}
	}
	return ""
}

// answer plays the script of that name, or that of the method, or calls the
// plain service.
func (s *Server) answer(c *call, named string) error {
	name := cmp.Or(named, c.record.Method)
	script, found := s.scripts.Load(name)
	switch {
	case found:
		c.record.Script = name
		return c.play(script.(*contract.Script))
	case named != "":
		return status.Errorf(codes.Unimplemented, "no script %q", name)
	case name == expirementpb.Manage_PickOne_FullMethodName:
		return c.pickOne()
	default:
		return status.Error(codes.Unimplemented, "no script")
	}
}

// pickOne does what generated code does with a call of the plain service.
func (c *call) pickOne() error {
	request := new(expirementpb.NameRequest)
	if err := c.receive(request); err != nil {
		return err
	}
	row, err := manage.Service{}.PickOne(c.ctx, request)
	if err != nil {
		return err
	}
	return c.send(row)
}

// receive takes the next request. Its error is io.EOF after the last.
func (c *call) receive(request proto.Message) error {
	if err := c.receiveMsg(request); err != nil {
		if _, words, ok := strings.Cut(err.Error(), "proto:"); ok { // the status has no cause
			c.record.Unusable = "proto:" + words
		}
		return err
	}
	c.record.Requests.Add(request)
	return nil
}

// send sends a response when the library takes it.
func (c *call) send(response proto.Message) error {
	if err := c.sendMsg(response); err != nil {
		return err
	}
	c.record.Responses.Add(response)
	return nil
}
