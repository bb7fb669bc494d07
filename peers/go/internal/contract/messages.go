package contract

import (
	"bytes"

	"google.golang.org/protobuf/proto"
)

// Messages are what came or went, in order. Equal neighbours are one entry.
type Messages []Message

// Message is a message, serialized, once or, when Times is not 0, several times.
type Message struct {
	Bytes []byte `json:"bytes"`
	Times int    `json:"times,omitempty"`
}

// Add serializes message at the end. The fields of dynamic messages and the
// entries of maps have no order of their own: they are sorted, so that equals
// look equal.
func (ms *Messages) Add(message proto.Message) {
	serialized, _ := proto.MarshalOptions{Deterministic: true}.Marshal(message) // it was parsed: it can be
	if last := len(*ms) - 1; last >= 0 && bytes.Equal((*ms)[last].Bytes, serialized) {
		(*ms)[last].Times = max((*ms)[last].Times, 1) + 1
		return
	}
	*ms = append(*ms, Message{Bytes: serialized})
}
