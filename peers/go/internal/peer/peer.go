// Package peer is the program as the harness sees it: lines in, lines out, and
// both roles in one loop.
package peer

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"

	"stitch.test/peers/go/internal/client"
	"stitch.test/peers/go/internal/contract"
	"stitch.test/peers/go/internal/messages"
	"stitch.test/peers/go/internal/server"
)

// grace is how long a stop waits for what is under way.
const grace = 5 * time.Second

// peer is a client and a server. One goroutine takes the lines.
type peer struct {
	writer
	types  messages.Types
	client client.Client
	server server.Server
	work   sync.WaitGroup // calls and instructions under way
}

// Run does what the lines of in tell, and writes to out what comes of it, as
// the peer contract tells. It stops when in or ctx ends; a goroutine that reads
// in stays behind then.
func Run(ctx context.Context, in io.Reader, out io.Writer) {
	p := &peer{writer: writer{out: out}, types: messages.Plain()}
	p.client.Report = func(ended *contract.Ended) { p.write(contract.LineOut{Ended: ended}) }
	p.server.Report = func(served *contract.Served) { p.write(contract.LineOut{Served: served}) }
	p.write(contract.LineOut{Ready: ready()})
	lines := make(chan []byte)
	go readLines(in, lines)
	for more := true; more; {
		select {
		case line, ok := <-lines:
			if more = ok; ok {
				p.take(line)
			}
		case <-ctx.Done():
			more = false
		}
	}
	p.stop()
}

func ready() *contract.Ready {
	return &contract.Ready{
		Language:        "Go",
		LanguageVersion: strings.TrimPrefix(runtime.Version(), "go"),
		Library:         "grpc-go",
		LibraryVersion:  grpc.Version,
		Messages:        "dynamic",
	}
}

// take begins what line tells, and does not wait for what may be slow.
func (p *peer) take(line []byte) {
	var in contract.LineIn
	if err := json.Unmarshal(line, &in); err != nil {
		p.answer(in.ID, 0, err)
		return
	}
	types := p.types
	switch {
	case in.ID == "":
		p.answer("", 0, errors.New("no id"))
	case in.Types != nil:
		types, err := messages.ParseTypes(in.Types.Files)
		if err == nil {
			p.types = types
		}
		p.answer(in.ID, 0, err)
	case in.Script != nil:
		p.answer(in.ID, 0, p.server.Keep(in.Script))
	case in.Listen != nil:
		port, err := p.server.Listen(in.Listen, types)
		p.answer(in.ID, port, err)
	case in.Close != nil:
		p.work.Go(func() { p.answer(in.ID, 0, p.server.Close(in.Close.Port)) })
	case in.Drain != nil:
		p.work.Go(func() { p.answer(in.ID, 0, p.server.Drain(in.Drain.Port)) })
	case in.Flush != nil:
		p.work.Go(func() {
			p.server.Flush()
			p.answer(in.ID, 0, nil)
		})
	case in.Call != nil:
		p.work.Go(func() { p.client.Make(in.ID, in.Call, types) })
	default:
		p.answer(in.ID, 0, errors.New("unknown instruction"))
	}
}

// answer says that the instruction of that id is done, or refused for err.
func (p *peer) answer(id string, port int, err error) {
	answer := &contract.Answer{ID: id, Port: port}
	if err != nil {
		answer.Refused = err.Error()
	}
	p.write(contract.LineOut{Answer: answer})
}

// stop takes no new calls, and waits for what is under way, but not longer than
// grace.
func (p *peer) stop() {
	done := make(chan struct{})
	go func() {
		p.server.Stop()
		p.work.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(grace):
	}
}
