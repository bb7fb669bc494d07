package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"connectrpc.com/connect"
	"connectrpc.com/grpchealth"
	"connectrpc.com/grpcreflect"
	"google.golang.org/protobuf/types/known/durationpb"

	"stitch.test/peers/connect-go/internal/gen/expirementpb"
	"stitch.test/peers/connect-go/internal/gen/expirementpb/expirementpbconnect"
	"stitch.test/peers/connect-go/internal/gen/peerpb"
)

// server is what listens on one host, by port.
type server struct {
	host    string
	handler http.Handler
	open    map[int32]listener
}

// listener is a server on a port of its own.
type listener struct {
	*http.Server
	tcp net.Listener
}

// serve serves on a port of host and carries lines out, until they end. Its error is
// a port that cannot be bound.
func serve(host string, port int32, lines *bufio.Scanner) error {
	mux := http.NewServeMux()
	mux.Handle(expirementpbconnect.NewManageHandler(manage{}))
	mux.Handle(grpchealth.NewHandler(grpchealth.NewStaticChecker(expirementpbconnect.ManageName)))
	mux.Handle(grpcreflect.NewHandlerV1(grpcreflect.NewStaticReflector(expirementpbconnect.ManageName, grpchealth.HealthV1ServiceName)))
	s := server{host, withWriter(mux), make(map[int32]listener)}
	line, err := s.listen(port)
	if err != nil {
		return err
	}
	write(line)
	for lines.Scan() {
		answer, err := s.carryOut(lines.Bytes())
		if err != nil {
			answer = &peerpb.ServerLine{Line: &peerpb.ServerLine_Refused{Refused: &peerpb.Refused{Reason: text(err.Error())}}}
		}
		write(answer)
	}
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	var stops sync.WaitGroup
	for _, l := range s.open {
		stops.Go(func() { l.Shutdown(ctx) }) // takes no new calls, and waits for those in flight
	}
	stops.Wait()
	return nil
}

// carryOut does what a line says, and returns the line that answers it.
func (s server) carryOut(line []byte) (*peerpb.ServerLine, error) {
	var instruction peerpb.Instruction
	if err := parse(line, &instruction); err != nil {
		return nil, err
	}
	switch told := instruction.GetInstruction().(type) {
	case *peerpb.Instruction_Listen:
		return s.listen(told.Listen.GetPort())
	case *peerpb.Instruction_Close:
		port := told.Close.GetPort()
		l, ok := s.open[port]
		if !ok {
			return nil, fmt.Errorf("port %d: nothing listens here", port)
		}
		delete(s.open, port)
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
func (s server) listen(port int32) (*peerpb.ServerLine, error) {
	tcp, err := net.Listen("tcp", net.JoinHostPort(s.host, fmt.Sprint(port)))
	if err != nil {
		return nil, err
	}
	port = int32(tcp.Addr().(*net.TCPAddr).Port)
	l := listener{&http.Server{Handler: s.handler, Protocols: new(http.Protocols)}, tcp}
	l.Protocols.SetUnencryptedHTTP2(true)
	s.open[port] = l
	go l.Serve(tcp)
	listening := &peerpb.Listening{Port: port, Implementation: implementation}
	return &peerpb.ServerLine{Line: &peerpb.ServerLine_Listening{Listening: listening}}, nil
}

// table holds the rows that every server knows; their ids are their places.
var table = []struct{ name, skill string }{
	{"Cyber", "breaking"},
	{"Shrink", "short-flying"},
	{"Doubledip", "filting anying"},
	{"Howcome", "making why"},
	{"Squawk", "advanced language skill"},
	{"Truxx", "seting up heavy machine"},
	{"Gigi", "touching ur heart"},
	{"Stitch", "making annoyed noise"},
}

// manage is the service under test.
type manage struct{}

// PickOne answers a call, and reports it before the library gets the answer.
func (manage) PickOne(ctx context.Context, request *expirementpb.NameRequest) (*expirementpb.Expirement, error) {
	info, _ := connect.CallInfoForHandlerContext(ctx)
	served := &peerpb.ServedRecord{
		CallId:   text(info.RequestHeader().Get("stitch-call-id")),
		Method:   info.Spec().Procedure,
		Request:  request,
		Metadata: metadata(info.RequestHeader()),
	}
	if deadline, ok := ctx.Deadline(); ok {
		served.TimeRemaining = durationpb.New(time.Until(deadline))
	}
	reply, err := answer(ctx, info, request.GetName())
	switch {
	case ctx.Err() != nil:
		served.Cancelled = true
	case err != nil:
		served.Code, served.Message = status(err)
	default:
		served.Reply = reply
	}
	write(&peerpb.ServerLine{Line: &peerpb.ServerLine_Served{Served: served}})
	return reply, err
}

// answer does what the call's metadata tells, and returns the row of that name
// unless told otherwise.
func answer(ctx context.Context, info connect.CallInfo, name string) (*expirementpb.Expirement, error) {
	header := info.RequestHeader()
	wait, waitErr := read(header, "stitch-wait-ms", strconv.Atoi)
	code, codeErr := read(header, "stitch-status-code", strconv.Atoi)
	message, messageErr := read(header, "stitch-status-message-bin", connect.DecodeBinaryHeader)
	if err := errors.Join(waitErr, codeErr, messageErr); err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	for key, values := range header {
		if name, ok := strings.CutPrefix(key, "Stitch-Header-"); ok {
			info.ResponseHeader()[name] = values
		} else if name, ok := strings.CutPrefix(key, "Stitch-Trailer-"); ok {
			info.ResponseTrailer()[name] = values
		}
	}
	if header.Get("stitch-send-headers") != "" {
		w := ctx.Value(writerKey{}).(http.ResponseWriter)
		maps.Copy(w.Header(), info.ResponseHeader())
		http.NewResponseController(w).Flush() // fails only when the call has ended
	}
	select {
	case <-time.After(time.Duration(wait) * time.Millisecond):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if code != 0 {
		return nil, connect.NewError(connect.Code(code), errors.New(string(message)))
	}
	for id, row := range table {
		if row.name == name {
			return &expirementpb.Expirement{Name: row.name, Id: int32(id), Skill: row.skill}, nil
		}
	}
	return nil, connect.NewError(connect.CodeNotFound, errors.New("expirement not found"))
}

// read parses the value of a key, if there is one. Its error names the key.
func read[T any](header http.Header, key string, parse func(string) (T, error)) (value T, err error) {
	if text := header.Get(key); text != "" {
		if value, err = parse(text); err != nil {
			err = fmt.Errorf("%s: %w", key, err)
		}
	}
	return value, err
}

type writerKey struct{}

// withWriter lets a unary handler at the writer, which the library keeps from it.
func withWriter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), writerKey{}, w)))
	})
}
