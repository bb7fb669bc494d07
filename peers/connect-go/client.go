package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
)

// client makes calls.
type client struct {
	mu       sync.Mutex
	channels map[string]*http.Client // by content, as JSON
	calls    sync.WaitGroup
}

func newClient() *client { return &client{channels: make(map[string]*http.Client)} }

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
	transport.Protocols.SetUnencryptedHTTP2(told.TLS == nil)
	transport.Protocols.SetHTTP2(told.TLS != nil)
	if told.TLS != nil {
		if transport.TLSClientConfig, err = told.TLS.config(); err != nil {
			return nil, fmt.Errorf("tls: %w", err)
		}
	}
	made := &http.Client{Transport: transport}
	c.channels[string(key)] = made
	return made, nil
}

// unsupported says what of a call this client does not do, or nothing.
func (told *call) unsupported(m method) string {
	sends := 0
	for i, step := range told.Steps {
		switch {
		case step.Send != nil:
			sends += max(1, step.Times)
		case !step.Close && step.Receive == nil && step.WaitMs == nil && !step.Cancel:
			return fmt.Sprintf("step %d", i)
		}
	}
	switch {
	case m.MethodDescriptor == nil:
		return "a method that the types do not have"
	case !m.IsStreamingClient() && sends != 1:
		return fmt.Sprintf("%d requests to a method that takes one", sends)
	case told.Compression != "" && told.Compression != "gzip":
		return fmt.Sprintf("compression %q", told.Compression)
	case told.WaitForReady:
		return "waitForReady"
	case told.Channel.Keepalive != nil:
		return "keepalive"
	default:
		return ""
	}
}
