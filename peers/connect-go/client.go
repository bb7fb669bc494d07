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

// client makes calls.
type client struct {
	channels map[string]*http.Client // by content, as JSON
	calls    sync.WaitGroup
}

// start makes a call as often as it says.
func (c *client) start(id string, told *call, methods methods) {
	m, known := methods[cmp.Or(told.Types, told.Method)]
	channel, err := c.channel(told.Channel)
	unsupported := told.unsupported(known, err)
	perform := func(id string) {
		record := &ended{ID: id, Unsupported: unsupported}
		if unsupported == "" {
			told.perform(channel, m, record)
		}
		write(lineOut{Ended: record})
	}
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
	content, _ := json.Marshal(told) // strings and numbers: there is no error
	if made := c.channels[string(content)]; made != nil {
		return made, nil
	}
	config, err := told.TLS.config()
	if err != nil {
		return nil, err
	}
	// A transport has connections of its own, and this one no proxy.
	made := &http.Client{Transport: &http.Transport{TLSClientConfig: config, Protocols: http2(config != nil)}}
	c.channels[string(content)] = made
	return made, nil
}

// unsupported says what of a call this client does not do, or nothing. Its channel could
// not be made if there is an error.
func (told *call) unsupported(known bool, err error) string {
	for i, step := range told.Steps {
		if step.Send == nil && step.Receive == nil && step.WaitMs == nil && !step.Close && !step.Cancel {
			return fmt.Sprintf("step %d", i)
		}
	}
	switch {
	case !known:
		return "a method that the types do not have"
	case err != nil:
		return err.Error()
	case told.Compression != "" && told.Compression != "gzip":
		return fmt.Sprintf("compression %q", told.Compression)
	case told.WaitForReady:
		return "waitForReady"
	case told.Channel.Keepalive != nil:
		return "keepalive"
	}
	return ""
}

// perform makes a call, and records what the library gives.
func (told *call) perform(channel *http.Client, m method, record *ended) {
	scheme := "http://"
	if told.Channel.TLS != nil {
		scheme = "https://"
	}
	options := []connect.ClientOption{
		connect.WithGRPC(),
		connect.WithReadMaxBytes(told.Channel.MaxReceiveBytes), // 0 is its default
		connect.WithResponseInitializer(initializer(m.output)),
	}
	if told.Compression == "gzip" {
		options = append(options, connect.WithSendGzip())
	}
	client := connect.NewClient[message, message](channel, scheme+told.Channel.Address+told.Method, options...)

	start := time.Now()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if told.TimeoutMs != 0 {
		ctx, cancel = context.WithTimeout(ctx, duration(told.TimeoutMs))
		defer cancel()
	}
	ctx, info := connect.NewClientContext(ctx)
	addMetadata(info.RequestHeader(), told.Metadata)
	info.RequestHeader().Add("stitch-call-id", record.ID)
	c := &madeCall{begin(ctx, cancel, m, client), ctx, cancel, m, record}
	err := c.play(told.Steps)
	if record.Unusable != "" {
		return
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	record.Status = statusOf(err)
	record.ElapsedMs = milliseconds(time.Since(start))
	record.Headers = metadata(info.ResponseHeader())
	record.Trailers = metadata(info.ResponseTrailer())
}

// madeCall is a call that a client makes.
type madeCall struct {
	stream
	ctx    context.Context
	cancel func()
	method method
	record *ended
}

// play does steps in order, then what is left of the call: half-closes, unless it has
// ended, and takes all responses. It returns why there are no more of them: the status,
// or [io.EOF] for OK.
func (c *madeCall) play(steps []clientStep) error {
	for _, step := range steps {
		switch {
		case step.Send != nil:
			request, err := parse(c.method.input, step.Send)
			if err != nil {
				c.record.Unusable = err.Error()
				return nil
			}
			for range max(1, step.Times) {
				if c.send(request) != nil { // the call has ended; receiving tells why
					return c.record.Responses.take(-1, c.receive)
				}
				c.record.Sent++
			}
		case step.Receive != nil:
			if err := c.record.Responses.take(*step.Receive, c.receive); err != nil {
				return err
			}
		case step.WaitMs != nil:
			wait(c.ctx, *step.WaitMs)
		case step.Close:
			c.closeRequest()
		case step.Cancel:
			c.cancel()
		}
	}
	if c.ctx.Err() == nil {
		c.closeRequest()
	}
	return c.record.Responses.take(-1, c.receive)
}
