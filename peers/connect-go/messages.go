package main

import (
	"bytes"
	"fmt"

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

// parseTypes adds the methods that a serialized FileDescriptorSet describes, with
// dynamic types, to those of the plain service.
func parseTypes(files []byte) (methods, error) {
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(files, &set); err != nil {
		return nil, err
	}
	registry, err := protodesc.NewFiles(&set)
	if err != nil {
		return nil, err
	}
	known := plainMethods()
	registry.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				m := service.Methods().Get(j)
				path := fmt.Sprintf("/%s/%s", service.FullName(), m.Name())
				if path != plainPath {
					known[path] = method{m, dynamicpb.NewMessageType(m.Input()), dynamicpb.NewMessageType(m.Output())}
				}
			}
		}
		return true
	})
	return known, nil
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
