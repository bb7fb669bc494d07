package server

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"

	"stitch.test/peers/go/internal/gen/peerpb"
	"stitch.test/peers/go/internal/session"
)

// Harness serves on a port of host, 0 for any, as the peer contract tells:
// instructions from in, what was served to out. It stops when in or ctx ends.
// Its error, a port that cannot be bound, comes before anything is served.
func Harness(ctx context.Context, host string, port int, in io.Reader, out io.Writer) error {
	h := &harness{lines: session.NewWriter(out)}
	h.listeners = newListeners(host, func() *grpc.Server {
		return newServer(grpc.UnaryInterceptor(interceptor(h.served)))
	})
	first, err := h.listen(&peerpb.Listen{Port: int32(port)})
	if err != nil {
		return err
	}
	h.lines.Write(first)
	defer h.listeners.stop(session.Grace)
	return session.EachLine(ctx, in, h.instruct)
}

// harness is a server that the harness drives.
type harness struct {
	lines     *session.Writer
	listeners *listeners
}

func (h *harness) served(record *peerpb.ServedRecord) {
	h.lines.Write(&peerpb.ServerLine{Line: &peerpb.ServerLine_Served{Served: record}})
}

// instruct carries one line out and answers it with one line. It never fails:
// the answer says so.
func (h *harness) instruct(line []byte) error {
	answer, err := h.carryOut(line)
	if err != nil {
		refused := &peerpb.Refused{Reason: session.Text(err.Error())}
		answer = &peerpb.ServerLine{Line: &peerpb.ServerLine_Refused{Refused: refused}}
	}
	h.lines.Write(answer)
	return nil
}

func (h *harness) carryOut(line []byte) (*peerpb.ServerLine, error) {
	var instruction peerpb.Instruction
	if err := session.Parse(line, &instruction); err != nil {
		return nil, fmt.Errorf("not an instruction: %w", err)
	}
	switch told := instruction.GetInstruction().(type) {
	case *peerpb.Instruction_Listen:
		return h.listen(told.Listen)
	case *peerpb.Instruction_Close:
		return h.close(told.Close)
	case *peerpb.Instruction_Flush:
		// A record is written before its answer: all that were answered are out.
		return &peerpb.ServerLine{Line: &peerpb.ServerLine_Flushed{Flushed: &peerpb.Flushed{}}}, nil
	default:
		return nil, errors.New("unknown instruction")
	}
}

func (h *harness) listen(told *peerpb.Listen) (*peerpb.ServerLine, error) {
	port, err := h.listeners.open(int(told.GetPort()))
	if err != nil {
		return nil, err
	}
	listening := &peerpb.Listening{Port: int32(port), Implementation: session.Implementation()}
	return &peerpb.ServerLine{Line: &peerpb.ServerLine_Listening{Listening: listening}}, nil
}

func (h *harness) close(told *peerpb.Close) (*peerpb.ServerLine, error) {
	if err := h.listeners.close(int(told.GetPort())); err != nil {
		return nil, err
	}
	closed := &peerpb.Closed{Port: told.GetPort()}
	return &peerpb.ServerLine{Line: &peerpb.ServerLine_Closed{Closed: closed}}, nil
}
