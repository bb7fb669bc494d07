"""Methods: what a client can call and a server serves."""

from collections.abc import Iterable
from typing import TypeAlias

from google.protobuf.descriptor import Descriptor, FileDescriptor, MethodDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

import expirement_pb2

_WORDS = ("unary", "stream")


class MessageType:
    """A message type of the protobuf runtime, from bytes to bytes.

    Both ways raise DecodeError for bytes that are no such message.
    """

    def __init__(self, descriptor: Descriptor) -> None:
        """Takes the type from the pool that the descriptor is in."""
        self._message = GetMessageClass(descriptor)

    def sendable(self, data: bytes) -> bytes:
        """Returns the message as it is sent; raises EncodeError without a `required` field."""
        return self._message.FromString(data).SerializeToString(deterministic=True)

    def received(self, data: bytes) -> bytes:
        """Returns the message as the runtime understood it."""
        return self._message.FromString(data).SerializePartialToString(deterministic=True)


class Method:
    """A method: its path, and the kind and types of its calls."""

    def __init__(self, method: MethodDescriptor) -> None:
        """Names the kind as grpcio's functions are named: "unary_stream"."""
        self.path = f"/{method.containing_service.full_name}/{method.name}"
        self.client_streaming = method.client_streaming
        self.server_streaming = method.server_streaming
        self.kind = f"{_WORDS[method.client_streaming]}_{_WORDS[method.server_streaming]}"
        self.request = MessageType(method.input_type)
        self.response = MessageType(method.output_type)


Methods: TypeAlias = dict[str, Method]  # by path


def load(files: bytes) -> Methods:
    """Returns the methods of a serialized FileDescriptorSet, and that of the plain service.

    Raises DecodeError or TypeError for files that do not make sense.
    """
    pool = DescriptorPool()
    protos = FileDescriptorSet.FromString(files).file
    for proto in protos:
        pool.AddSerializedFile(proto.SerializeToString())
    return PLAIN | _methods(pool.FindFileByName(proto.name) for proto in protos)


def _methods(files: Iterable[FileDescriptor]) -> Methods:
    services = (service for file in files for service in file.services_by_name.values())
    found = (Method(method) for service in services for method in service.methods)
    return {method.path: method for method in found}


PLAIN = _methods([expirement_pb2.DESCRIPTOR])
