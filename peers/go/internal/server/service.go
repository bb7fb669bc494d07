package server

import (
	"context"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"

	"stitch.test/peers/go/internal/messages"
)

// newServer returns a server of every method of types, each with its own kind.
// Unknown services and methods are left to the library.
func (s *Server) newServer(types messages.Types, options []grpc.ServerOption) *grpc.Server {
	server := grpc.NewServer(options...)
	for name, service := range types {
		desc := &grpc.ServiceDesc{ServiceName: string(name)}
		for i := range service.Methods().Len() {
			method := service.Methods().Get(i)
			if method.IsStreamingClient() || method.IsStreamingServer() {
				desc.Streams = append(desc.Streams, s.stream(method))
			} else {
				desc.Methods = append(desc.Methods, s.unary(method))
			}
		}
		server.RegisterService(desc, nil)
	}
	return server
}

// unary serves a method of one request and one response: what its script sends
// is what the handler returns.
func (s *Server) unary(method protoreflect.MethodDescriptor) grpc.MethodDesc {
	type interceptor = grpc.UnaryServerInterceptor // there is none
	handler := func(_ any, ctx context.Context, decode func(any) error, _ interceptor) (any, error) {
		var response any
		receive := func(request any) error {
			next := decode
			decode = func(any) error { return io.EOF }
			return next(request)
		}
		send := func(message any) error {
			response = message
			return nil
		}
		err := s.handle(&call{ctx: ctx, method: method, receiveMsg: receive, sendMsg: send})
		return response, err
	}
	return grpc.MethodDesc{MethodName: string(method.Name()), Handler: handler}
}

// stream serves a method of any other kind.
func (s *Server) stream(method protoreflect.MethodDescriptor) grpc.StreamDesc {
	return grpc.StreamDesc{
		StreamName:    string(method.Name()),
		ClientStreams: method.IsStreamingClient(),
		ServerStreams: method.IsStreamingServer(),
		Handler: func(_ any, stream grpc.ServerStream) error {
			c := &call{ctx: stream.Context(), method: method, receiveMsg: stream.RecvMsg, sendMsg: stream.SendMsg}
			return s.handle(c)
		},
	}
}
