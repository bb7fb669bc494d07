package client

import (
	"context"
	"io"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"stitch.test/peers/go/internal/contract"
	"stitch.test/peers/go/internal/messages"
)

// call is an RPC. One goroutine does its steps; another opens its stream and
// takes responses from the library, up to two ahead of the steps: so a call that
// is not connected yet can be cancelled, and a wait ends with the call.
type call struct {
	start    time.Time
	ctx      context.Context
	cancel   context.CancelFunc
	method   protoreflect.MethodDescriptor
	opened   chan struct{}     // closed when stream is set
	stream   grpc.ClientStream // nil when it could not be opened
	sends    sync.WaitGroup
	arriving chan proto.Message // closed after over
	over     chan struct{}      // closed when the library has told the status
	finished chan struct{}      // closed when headers and trailers are set
	record   contract.Ended
	headers  metadata.MD
	trailers metadata.MD
}

// begin begins the call that told describes.
func begin(id string, told *contract.Call, on *grpc.ClientConn, method protoreflect.MethodDescriptor) *call {
	c := &call{
		start:    time.Now(), // before its deadline is set
		method:   method,
		opened:   make(chan struct{}),
		arriving: make(chan proto.Message, 1),
		over:     make(chan struct{}),
		finished: make(chan struct{}),
		record:   contract.Ended{ID: id},
	}
	pairs := append(contract.Pairs(told.Metadata), "stitch-call-id", id)
	c.ctx = metadata.AppendToOutgoingContext(context.Background(), pairs...)
	if told.TimeoutMs > 0 {
		c.ctx, c.cancel = context.WithTimeout(c.ctx, told.TimeoutMs.Duration())
	} else {
		c.ctx, c.cancel = context.WithCancel(c.ctx)
	}
	go c.run(on, told)
	return c
}

// run makes the call and notes how it ended.
func (c *call) run(channel *grpc.ClientConn, told *contract.Call) {
	defer close(c.arriving)
	defer close(c.over)
	err := c.exchange(channel, told)
	c.record.Status = contract.StatusOf(err)
	c.record.ElapsedMs = contract.MillisOf(time.Since(c.start))
}

// exchange opens the stream and takes responses until the call ends. Its error
// is the status, nil for OK.
func (c *call) exchange(channel *grpc.ClientConn, told *contract.Call) (err error) {
	c.stream, err = channel.NewStream(c.ctx,
		&grpc.StreamDesc{
			ClientStreams: c.method.IsStreamingClient(),
			ServerStreams: c.method.IsStreamingServer(),
		},
		told.Method,
		grpc.WaitForReady(told.WaitForReady),
		grpc.UseCompressor(told.Compression), // none, if empty
		grpc.Header(&c.headers),
		grpc.Trailer(&c.trailers),
		grpc.OnFinish(func(error) { close(c.finished) }),
	)
	close(c.opened)
	if err != nil {
		return err
	}
	for {
		response := messages.New(c.method.Output())
		if err := c.stream.RecvMsg(response); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		c.arriving <- response
		if !c.method.IsStreamingServer() {
			return nil // the library has seen the status too
		}
	}
}

// do does one step. One that fails is no result: what follows sees the call's end.
func (c *call) do(step contract.ClientStep) {
	switch {
	case step.Send != nil:
		c.send(step.Send, max(step.Times, 1))
	case step.Close:
		c.closeSend()
	case step.Receive != nil:
		c.receive(*step.Receive)
	case step.WaitMs != nil:
		c.wait(step.WaitMs.Duration())
	case step.Cancel:
		select {
		case <-c.over: // too late
		default:
			c.cancel()
		}
	}
}

// send sends a request when the library takes it. The only request of a method
// is not awaited: what sends it is a call that blocks, and may be cancelled.
func (c *call) send(bytes []byte, times int) {
	request, err := messages.Parse(c.method.Input(), bytes)
	if err != nil {
		c.record.Unusable = err.Error()
		c.cancel()
		return
	}
	c.sends.Go(func() {
		<-c.opened
		for range times {
			if c.stream == nil || c.stream.SendMsg(request) != nil {
				return
			}
			c.record.Sent++
		}
	})
	if c.method.IsStreamingClient() {
		c.sends.Wait()
	}
}

// closeSend half-closes, which the only request of a method has done.
func (c *call) closeSend() {
	if <-c.opened; c.stream != nil && c.method.IsStreamingClient() {
		c.stream.CloseSend()
	}
}

// receive takes so many responses, fewer when the call ends; -1: all.
func (c *call) receive(count int) {
	for ; count != 0; count-- {
		response, ok := <-c.arriving
		if !ok {
			return
		}
		c.record.Responses.Add(response)
	}
}

// wait returns after d, or when the call ends.
func (c *call) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-c.over:
	case <-c.ctx.Done(): // with responses that nobody takes
	}
}

// end half-closes and takes what is still to come, unless the call was
// cancelled, and returns what was seen.
func (c *call) end() *contract.Ended {
	if c.ctx.Err() != context.Canceled {
		c.closeSend()
		c.receive(-1)
	}
	c.cancel()
	for range c.arriving { // what came after it was cancelled
	}
	c.sends.Wait()
	if c.stream != nil {
		<-c.finished
	}
	if c.record.Unusable != "" {
		return &contract.Ended{ID: c.record.ID, Unusable: c.record.Unusable}
	}
	c.record.Headers, c.record.Trailers = contract.Metadata(c.headers), contract.Metadata(c.trailers)
	return &c.record
}
