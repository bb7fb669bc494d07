package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"time"

	"connectrpc.com/connect"
)

// madeCall is a call that a client makes.
type madeCall struct {
	stream
	ctx    context.Context
	cancel func()
	over   context.Context // ends when the call has, as far as the library tells
	end    func()
	start  time.Time
	record *ended
}

// perform makes a call, and records what the library gives.
func (c *client) perform(id string, told *call, methods methods) *ended {
	record := &ended{ID: id}
	m := methods[cmp.Or(told.Types, told.Method)]
	if record.Unsupported = told.unsupported(m); record.Unsupported != "" {
		return record
	}
	channel, err := c.channel(told.Channel)
	if err != nil {
		record.Unsupported = err.Error()
		return record
	}
	requests := make([]*message, len(told.Steps))
	for i, step := range told.Steps {
		if step.Send == nil {
			continue
		}
		if requests[i], err = parse(m.input, step.Send); err != nil {
			record.Unusable = err.Error()
			return record
		}
	}

	made := &madeCall{record: record, start: time.Now()}
	made.ctx, made.cancel = context.WithCancel(context.Background())
	defer made.cancel()
	if told.TimeoutMs != 0 {
		ctx, cancel := context.WithTimeout(made.ctx, duration(told.TimeoutMs))
		defer cancel()
		made.ctx = ctx
	}
	made.over, made.end = context.WithCancel(made.ctx)
	defer made.end()
	ctx, info := connect.NewClientContext(made.ctx)
	addMetadata(info.RequestHeader(), told.Metadata)
	info.RequestHeader().Add("stitch-call-id", id)

	made.stream = begin(ctx, m, connect.NewClient[message, message](channel, told.url(), told.options(m)...), made.end)
	made.play(told.Steps, requests)
	record.Headers = metadata(info.ResponseHeader())
	record.Trailers = metadata(info.ResponseTrailer())
	return record
}

// url is where the call goes: "http://127.0.0.1:40123/Manage/PickOne".
func (told *call) url() string {
	scheme := "http://"
	if told.Channel.TLS != nil {
		scheme = "https://"
	}
	return scheme + told.Channel.Address + told.Method
}

// options are those of the library.
func (told *call) options(m method) []connect.ClientOption {
	options := []connect.ClientOption{
		connect.WithGRPC(),
		connect.WithReadMaxBytes(told.Channel.MaxReceiveBytes), // 0 is its default
		connect.WithResponseInitializer(initializer(m.output)),
	}
	if told.Compression == "gzip" {
		options = append(options, connect.WithSendGzip())
	}
	return options
}

// play does steps in order, then what is left of the call: half-closes, unless it is
// cancelled, and takes all responses and the status. A request that the library does not
// take means that the call has ended. Of requests, one belongs to each step that sends.
func (c *madeCall) play(steps []clientStep, requests []*message) {
	for i, step := range steps {
		switch {
		case step.Send != nil:
			for range max(1, step.Times) {
				if c.Send(requests[i]) != nil {
					c.receive(-1)
					return
				}
				c.record.Sent++
			}
		case step.Close:
			c.CloseRequest()
		case step.Receive != nil:
			c.receive(*step.Receive)
		case step.WaitMs != nil:
			select {
			case <-time.After(duration(*step.WaitMs)):
			case <-c.over.Done():
			}
		case step.Cancel:
			c.cancel()
		}
	}
	if c.ctx.Err() == nil {
		c.CloseRequest()
	}
	c.receive(-1)
}

// receive takes so many responses, fewer when the call ends; -1: all, and the status.
func (c *madeCall) receive(count int) {
	for ; count != 0 && c.record.Status == nil; count-- {
		response, err := c.Receive()
		if err == nil {
			err = c.record.Responses.add(response)
		}
		if err == nil {
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
