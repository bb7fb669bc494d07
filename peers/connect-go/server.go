package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"strconv"
	"sync"

	"connectrpc.com/connect"
	"connectrpc.com/grpchealth"
	"connectrpc.com/grpcreflect"

	"stitch.test/peers/connect-go/internal/gen/expirementpb/expirementpbconnect"
	"stitch.test/peers/connect-go/internal/gen/peerpb"
)

// newHandler serves the table, with health and reflection.
func newHandler(options ...connect.HandlerOption) http.Handler {
	reflector := grpcreflect.NewStaticReflector(expirementpbconnect.ManageName, grpchealth.HealthV1ServiceName)
	mux := http.NewServeMux()
	mux.Handle(expirementpbconnect.NewManageHandler(manage{}, options...))
	mux.Handle(grpchealth.NewHandler(grpchealth.NewStaticChecker(expirementpbconnect.ManageName)))
	mux.Handle(grpcreflect.NewHandlerV1(reflector))
	mux.Handle(grpcreflect.NewHandlerV1Alpha(reflector))
	return mux
}

// server is what listens on one host, by port.
type server struct {
	host    string
	handler http.Handler
	open    map[int]listener
}

// listener is a server on a port of its own.
type listener struct {
	*http.Server
	tcp net.Listener
}

// serve serves on a port of host until told to stop. Its error is a port that cannot be bound.
func serve(ctx context.Context, host string, port int, harness bool) error {
	s := server{host, newHandler(), make(map[int]listener)}
	if harness {
		s.handler = exposed(newHandler(connect.WithInterceptors(connect.UnaryInterceptorFunc(instructed))))
	}
	listening, err := s.listen(port)
	if err != nil {
		return err
	}
	defer s.stop()
	if !harness {
		log.Printf("listening on %s:%d", host, listening.GetListening().GetPort())
		<-ctx.Done()
		return nil
	}
	write(listening)
	for line := range input(ctx) {
		answer, err := s.instruct(line)
		if err != nil {
			answer = &peerpb.ServerLine{Line: &peerpb.ServerLine_Refused{Refused: &peerpb.Refused{Reason: text(err.Error())}}}
		}
		write(answer)
	}
	return nil
}

// instruct carries one line out, and returns the line that answers it.
func (s *server) instruct(line []byte) (*peerpb.ServerLine, error) {
	var instruction peerpb.Instruction
	if err := parse(line, &instruction); err != nil {
		return nil, err
	}
	switch told := instruction.GetInstruction().(type) {
	case *peerpb.Instruction_Listen:
		return s.listen(int(told.Listen.GetPort()))
	case *peerpb.Instruction_Close:
		port := told.Close.GetPort()
		l, ok := s.open[int(port)]
		if !ok {
			return nil, fmt.Errorf("port %d: nothing listens here", port)
		}
		delete(s.open, int(port))
		l.tcp.Close() // the server does not know of it before its goroutine has begun
		l.Close()
		return &peerpb.ServerLine{Line: &peerpb.ServerLine_Closed{Closed: &peerpb.Closed{Port: port}}}, nil
	case *peerpb.Instruction_Flush: // a record is written before its answer: all are out
		return &peerpb.ServerLine{Line: &peerpb.ServerLine_Flushed{Flushed: &peerpb.Flushed{}}}, nil
	default:
		return nil, errors.New("unknown instruction")
	}
}

// listen opens a listener on port; 0 lets the system choose.
func (s *server) listen(port int) (*peerpb.ServerLine, error) {
	tcp, err := net.Listen("tcp", net.JoinHostPort(s.host, strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	port = tcp.Addr().(*net.TCPAddr).Port
	l := listener{&http.Server{Handler: s.handler, Protocols: new(http.Protocols)}, tcp}
	l.Protocols.SetUnencryptedHTTP2(true)
	s.open[port] = l
	go l.Serve(tcp)
	listening := &peerpb.Listening{Port: int32(port), Implementation: implementation}
	return &peerpb.ServerLine{Line: &peerpb.ServerLine_Listening{Listening: listening}}, nil
}

// stop takes no new calls, and waits for those in flight as long as grace allows.
func (s *server) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	var stops sync.WaitGroup
	for _, l := range s.open {
		stops.Go(func() { l.Shutdown(ctx) })
	}
	stops.Wait()
}
