package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"connectrpc.com/connect"
)

// client makes calls. Its zero value is ready.
type client struct {
	mu       sync.Mutex
	channels map[string]*http.Client // by content, as JSON
	calls    sync.WaitGroup
}

// start makes a call as often as it says.
func (c *client) start(id string, told *call, methods methods) {
	perform := func(id string) { write(lineOut{Ended: c.perform(id, told, methods)}) }
	c.calls.Go(func() {
		if told.Times <= 1 {
			perform(id)
			return
		}
		slots := make(chan struct{}, max(1, told.AtOnce))
		for i := range told.Times {
			slots <- struct{}{}
			c.calls.Go(func() {
				perform(fmt.Sprintf("%s.%d", id, i))
				<-slots
			})
		}
	})
}

// channel returns the channel of that content, made when first asked for.
func (c *client) channel(told channel) (*http.Client, error) {
	key, err := json.Marshal(told)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if made := c.channels[string(key)]; made != nil {
		return made, nil
	}
	transport := &http.Transport{Protocols: new(http.Protocols)} // has connections of its own, and no proxy
	if told.TLS == nil {
		transport.Protocols.SetUnencryptedHTTP2(true)
	} else {
		transport.Protocols.SetHTTP2(true)
		transport.TLSClientConfig, err = tlsConfig(told.TLS.Cert, told.TLS.Key, told.TLS.CA, told.TLS.ServerName)
		if err != nil {
			return nil, fmt.Errorf("tls: %w", err)
		}
	}
	if c.channels == nil {
		c.channels = make(map[string]*http.Client)
	}
	c.channels[string(key)] = &http.Client{Transport: transport}
	return c.channels[string(key)], nil
}

// unsupported says what of a call this client does not do, or nothing.
func (told *call) unsupported(known bool) string {
	for i, step := range told.Steps {
		if step.Send == nil && step.Receive == nil && step.WaitMs == nil && !step.Close && !step.Cancel {
			return fmt.Sprintf("step %d", i)
		}
	}
	switch {
	case !known:
		return "a method that the types do not have"
	case told.Compression != "" && told.Compression != "gzip":
		return fmt.Sprintf("compression %q", told.Compression)
	case told.WaitForReady:
		return "waitForReady"
	case told.Channel.Keepalive != nil:
		return "keepalive"
	}
	return ""
}

// madeCall is a call that a client makes.
type madeCall struct {
	stream
	method method
	start  time.Time
	cancel func()
	over   context.Context // ends with the call
	end    func()
	record *ended
}

// perform makes a call, and records what the library gives.
func (c *client) perform(id string, told *call, methods methods) *ended {
	record := &ended{ID: id}
	method, known := methods[cmp.Or(told.Types, told.Method)]
	if record.Unsupported = told.unsupported(known); record.Unsupported != "" {
		return record
	}
	channel, err := c.channel(told.Channel)
	if err != nil {
		record.Unsupported = err.Error()
		return record
	}
	url := "http://" + told.Channel.Address + told.Method
	if told.Channel.TLS != nil {
		url = "https://" + told.Channel.Address + told.Method
	}
	options := []connect.ClientOption{
		connect.WithGRPC(),
		connect.WithReadMaxBytes(told.Channel.MaxReceiveBytes), // 0 is its default
		connect.WithResponseInitializer(initializer(method.output)),
	}
	if told.Compression == "gzip" {
		options = append(options, connect.WithSendGzip())
	}

	start := time.Now()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if told.TimeoutMs != 0 {
		var stop func()
		ctx, stop = context.WithTimeout(ctx, duration(told.TimeoutMs))
		defer stop()
	}
	over, end := context.WithCancel(ctx)
	defer end()
	ctx, info := connect.NewClientContext(ctx)
	addMetadata(info.RequestHeader(), told.Metadata)
	info.RequestHeader().Add("stitch-call-id", id)

	stream := begin(ctx, method, connect.NewClient[message, message](channel, url, options...), end)
	made := &madeCall{stream, method, start, cancel, over, end, record}
	if err := made.play(told.Steps); err != nil {
		return &ended{ID: id, Unusable: err.Error()}
	}
	record.Headers = metadata(info.ResponseHeader())
	record.Trailers = metadata(info.ResponseTrailer())
	return record
}

// play does steps in order, then what is left of the call: half-closes, unless it has
// ended, and takes all responses and the status. A request that the library does not take
// means that the call has ended. Its error is a request that cannot be parsed.
func (c *madeCall) play(steps []clientStep) error {
	for _, step := range steps {
		switch {
		case step.Send != nil:
			request, err := parse(c.method.input, step.Send)
			if err != nil {
				return err
			}
			for range max(1, step.Times) {
				if c.send(request) != nil {
					c.take(-1)
					return nil
				}
				c.record.Sent++
			}
		case step.Receive != nil:
			c.take(*step.Receive)
		case step.WaitMs != nil:
			wait(c.over, *step.WaitMs)
		case step.Close:
			c.closeRequest()
		case step.Cancel:
			c.cancel()
		}
	}
	if c.over.Err() == nil {
		c.closeRequest()
	}
	c.take(-1)
	return nil
}

// take receives so many responses, fewer when the call ends; -1: all, and the status.
func (c *madeCall) take(count int) {
	for ; count != 0 && c.record.Status == nil; count-- {
		response, err := (*message)(nil), io.EOF
		if c.method.IsStreamingServer() || len(c.record.Responses) == 0 {
			response, err = c.receive()
		}
		if err == nil {
			c.record.Responses.add(response)
			continue
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
		c.record.Status = statusOf(err)
		c.record.ElapsedMs = milliseconds(time.Since(c.start))
		c.end()
	}
}
