package client

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"stitch.test/peers/go/internal/gen/peerpb"
	"stitch.test/peers/go/internal/session"
)

// Harness makes the calls that the lines of in tell, each as soon as it is
// read, and writes what became of them to out, as the peer contract tells. It
// stops when in or ctx ends. Its error is a line that cannot be parsed; calls
// in flight are then given up.
func Harness(ctx context.Context, in io.Reader, out io.Writer) error {
	h := &harness{lines: session.NewWriter(out), channels: channels{}}
	ready := &peerpb.ClientLine_Ready{Ready: session.Implementation()}
	h.lines.Write(&peerpb.ClientLine{Line: ready})
	if err := session.EachLine(ctx, in, h.begin); err != nil {
		return err
	}
	if h.finish(session.Grace) {
		h.channels.close()
	}
	return nil
}

// harness is a client that the harness drives.
type harness struct {
	lines    *session.Writer
	channels channels
	inFlight sync.WaitGroup
}

// begin makes the call that line tells and does not wait for its end.
func (h *harness) begin(line []byte) error {
	call := new(peerpb.Call)
	if err := session.Parse(line, call); err != nil {
		return fmt.Errorf("not a call: %w", err)
	}
	if part := unsupported(call); part != "" {
		h.end(&peerpb.CallRecord{Id: call.GetId(), Unsupported: part})
		return nil
	}
	channel, err := h.channels.get(call.GetAddress(), call.GetChannel())
	if err != nil {
		h.end(ended(call, err))
		return nil
	}
	h.inFlight.Go(func() { h.end(perform(channel, call)) })
	return nil
}

func (h *harness) end(record *peerpb.CallRecord) {
	h.lines.Write(&peerpb.ClientLine{Line: &peerpb.ClientLine_Ended{Ended: record}})
}

// finish waits for the calls in flight, but no longer than grace, and tells
// whether all have ended.
func (h *harness) finish(grace time.Duration) bool {
	done := make(chan struct{})
	go func() {
		h.inFlight.Wait()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-time.After(grace):
		return false
	}
}
