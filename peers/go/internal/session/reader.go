// Package session speaks the lines of the peer contract: one proto3 JSON
// object a line, over standard input and output.
package session

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// EachLine calls each with every line of r, one after another. It returns nil
// when r ends or ctx does, or the first error of each. A line has no greatest
// length. When ctx ends first, the goroutine that reads r stays behind.
func EachLine(ctx context.Context, r io.Reader, each func(line []byte) error) error {
	lines := make(chan []byte)
	go pump(ctx, r, lines)
	for {
		select {
		case <-ctx.Done():
			return nil
		case line, ok := <-lines:
			if !ok {
				return nil
			}
			if err := each(line); err != nil {
				return err
			}
		}
	}
}

// pump sends the lines of r, the last one even when no line feed ends it, and
// closes lines when r ends. An error of r is an end like any other.
func pump(ctx context.Context, r io.Reader, lines chan<- []byte) {
	defer close(lines)
	buffered := bufio.NewReader(r)
	for {
		line, err := buffered.ReadBytes('\n')
		if len(line) > 0 {
			select {
			case lines <- line:
			case <-ctx.Done():
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// Parse reads one line into m. Members that are unknown are ignored.
func Parse(line []byte, m proto.Message) error {
	err := protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(line, m)
	if err != nil {
		return errors.New(plain(err))
	}
	return nil
}

// plain is err without its "proto:" and the blank behind that, which is of one
// kind or another so that nobody relies on the words. Our lines are stable.
func plain(err error) string {
	return strings.TrimLeft(strings.TrimPrefix(err.Error(), "proto:"), " \u00a0")
}
