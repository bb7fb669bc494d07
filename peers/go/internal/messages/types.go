// Package messages has the types that the harness tells, and the messages of
// these types: generated where they are linked in, otherwise dynamic.
package messages

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"stitch.test/peers/go/internal/gen/expirementpb"
)

// Types are services by name. They do not change.
type Types map[protoreflect.FullName]protoreflect.ServiceDescriptor

// ParseTypes returns the types of a google.protobuf.FileDescriptorSet, and those
// of the plain service. Its error tells what in set does not hold together.
func ParseTypes(set []byte) (Types, error) {
	parsed := new(descriptorpb.FileDescriptorSet)
	if err := proto.Unmarshal(set, parsed); err != nil {
		return nil, err
	}
	files, err := protodesc.NewFiles(parsed)
	if err != nil {
		return nil, err
	}
	types := Plain()
	files.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		types.add(file)
		return true
	})
	return types, nil
}

// Plain returns the types of the plain service.
func Plain() Types {
	types := make(Types)
	types.add(expirementpb.File_expirement_proto)
	return types
}

func (t Types) add(file protoreflect.FileDescriptor) {
	for i := range file.Services().Len() {
		service := file.Services().Get(i)
		t[service.FullName()] = service
	}
}

// Method returns the method of a path, "/Manage/PickOne", or nil.
func (t Types) Method(path string) protoreflect.MethodDescriptor {
	name, method, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if service, ok := t[protoreflect.FullName(name)]; ok {
		return service.Methods().ByName(protoreflect.Name(method))
	}
	return nil
}

// New returns an empty message of that kind.
func New(kind protoreflect.MessageDescriptor) proto.Message {
	if linked, err := protoregistry.GlobalTypes.FindMessageByName(kind.FullName()); err == nil {
		return linked.New().Interface()
	}
	return dynamicpb.NewMessage(kind)
}

// Parse returns the message of that kind that bytes are.
func Parse(kind protoreflect.MessageDescriptor, bytes []byte) (proto.Message, error) {
	message := New(kind)
	return message, proto.Unmarshal(bytes, message)
}
