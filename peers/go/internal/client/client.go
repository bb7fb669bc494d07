// Package client makes calls of any method of any service as it is told, and
// reports how they ended.
package client

import (
	"cmp"
	"encoding/json"
	"fmt"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/gzip" // registers the compressor
	"google.golang.org/grpc/keepalive"
	"google.golang.org/protobuf/reflect/protoreflect"

	"stitch.test/peers/go/internal/contract"
	"stitch.test/peers/go/internal/messages"
)

// Client has channels, made when first named.
type Client struct {
	// Report is told of each call when it has ended.
	Report   func(*contract.Ended)
	mu       sync.Mutex
	channels map[string]*grpc.ClientConn // by the JSON of what was told
}

// Make makes the calls that told asks for, of methods of types, and returns when
// all have ended.
func (c *Client) Make(id string, told *contract.Call, types messages.Types) {
	inFlight := make(chan struct{}, max(told.AtOnce, 1))
	var calls sync.WaitGroup
	for i := range max(told.Times, 1) {
		callID := id
		if told.Times > 1 {
			callID = fmt.Sprintf("%s.%d", id, i)
		}
		inFlight <- struct{}{}
		calls.Go(func() {
			c.Report(c.perform(callID, told, types))
			<-inFlight
		})
	}
	calls.Wait()
}

// perform makes one call.
func (c *Client) perform(id string, told *contract.Call, types messages.Types) *contract.Ended {
	method := types.Method(cmp.Or(told.Types, told.Method))
	if part := unsupported(told, method); part != "" {
		return &contract.Ended{ID: id, Unsupported: part}
	}
	channel, err := c.channel(told.Channel)
	if err != nil {
		return &contract.Ended{ID: id, Status: contract.StatusOf(err)}
	}
	call := begin(id, told, channel, method)
	for _, step := range told.Steps {
		call.do(step)
	}
	return call.end()
}

// unsupported names the part of told that this client does not know, or is empty.
func unsupported(told *contract.Call, method protoreflect.MethodDescriptor) string {
	if method == nil {
		return fmt.Sprintf("method %q", cmp.Or(told.Types, told.Method))
	}
	if name := told.Compression; name != "" && encoding.GetCompressor(name) == nil {
		return fmt.Sprintf("compression %q", name)
	}
	for i, step := range told.Steps {
		if step.Send == nil && !step.Close && step.Receive == nil && step.WaitMs == nil && !step.Cancel {
			return fmt.Sprintf("step %d", i+1)
		}
	}
	return ""
}

// channel returns the channel of exactly this content.
func (c *Client) channel(told contract.Channel) (*grpc.ClientConn, error) {
	content, _ := json.Marshal(told) // always can
	c.mu.Lock()
	defer c.mu.Unlock()
	if channel, ok := c.channels[string(content)]; ok {
		return channel, nil
	}
	channel, err := newChannel(told)
	if err != nil {
		return nil, err
	}
	if c.channels == nil {
		c.channels = make(map[string]*grpc.ClientConn)
	}
	c.channels[string(content)] = channel
	return channel, nil
}

// newChannel returns the channel that told describes, with the library's
// defaults but for what would change what is seen: no retries, no proxy. It
// connects when first used. Its error is an address or a certificate that
// cannot be used.
func newChannel(told contract.Channel) (*grpc.ClientConn, error) {
	credentials, err := told.TLS.Credentials()
	if err != nil {
		return nil, err
	}
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(credentials), grpc.WithDisableRetry(), grpc.WithNoProxy(),
	}
	if k := told.Keepalive; k != nil {
		options = append(options, grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time: k.TimeMs.Duration(), Timeout: k.TimeoutMs.Duration(), PermitWithoutStream: k.WithoutCalls,
		}))
	}
	if told.MaxReceiveBytes > 0 {
		options = append(options, grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(told.MaxReceiveBytes)))
	}
	return grpc.NewClient(told.Address, options...)
}
