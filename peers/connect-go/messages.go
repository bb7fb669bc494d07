package main

import (
	"bytes"
	"fmt"
	"io"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"stitch.test/peers/connect-go/internal/gen/expirementpb"
)

// plainPath is the path of the one method of the plain service.
const plainPath = "/Manage/PickOne"

// methods are those that can be served and called, by path.
type methods map[string]method

// method is a method with the types of its messages.
type method struct {
	protoreflect.MethodDescriptor
	input, output protoreflect.MessageType
}

// plainMethods are those of the plain service, whose types are generated.
func plainMethods() methods {
	return methods{plainPath: {
		expirementpb.File_expirement_proto.Services().ByName("Manage").Methods().ByName("PickOne"),
		(*expirementpb.NameRequest)(nil).ProtoReflect().Type(),
		(*expirementpb.Expirement)(nil).ProtoReflect().Type(),
	}}
}

// replace replaces all methods but the plain service's by those that a serialized
// FileDescriptorSet describes, whose types are dynamic.
func (m *methods) replace(files []byte) error {
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(files, &set); err != nil {
		return err
	}
	registry, err := protodesc.NewFiles(&set)
	if err != nil {
		return err
	}
	known := plainMethods()
	registry.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				d := service.Methods().Get(j)
				path := fmt.Sprintf("/%s/%s", service.FullName(), d.Name())
				if path != plainPath {
					known[path] = method{d, dynamicpb.NewMessageType(d.Input()), dynamicpb.NewMessageType(d.Output())}
				}
			}
		}
		return true
	})
	*m = known
	return nil
}

// message is a message of any type: the one type that the library's generics are given.
type message struct{ proto.Message }

// parse makes a message of that type from bytes.
func parse(messageType protoreflect.MessageType, bytes []byte) (*message, error) {
	m := &message{messageType.New().Interface()}
	return m, proto.Unmarshal(bytes, m)
}

// initializer gives a message that the library has made, to receive into, its type.
func initializer(messageType protoreflect.MessageType) func(connect.Spec, any) error {
	return func(_ connect.Spec, received any) error {
		received.(*message).Message = messageType.New().Interface()
		return nil
	}
}

// messages are serialized. Equal neighbours are one entry.
type messages []*entry

type entry struct {
	Bytes []byte `json:"bytes"`
	Times int    `json:"times"`
}

// take adds so many messages that are received, fewer when there is an error; -1: all.
func (all *messages) take(count int, receive func() (*message, error)) error {
	for ; count != 0; count-- {
		m, err := receive()
		if err != nil {
			return err
		}
		all.add(m)
	}
	return nil
}

// once receives one message, and no more.
func once(receive func() (*message, error)) func() (*message, error) {
	taken := false
	return func() (*message, error) {
		if taken {
			return nil, io.EOF
		}
		taken = true
		return receive()
	}
}

// add serializes m, behind the others.
func (all *messages) add(m proto.Message) {
	// Equal messages are equal bytes. There is no error with what has been parsed.
	serialized, _ := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if n := len(*all); n > 0 && bytes.Equal((*all)[n-1].Bytes, serialized) {
		(*all)[n-1].Times++
		return
	}
	*all = append(*all, &entry{serialized, 1})
}
