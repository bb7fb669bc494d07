"""Methods: what a client can call and a server serves, with their kinds and types."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from google.protobuf.descriptor import Descriptor, FileDescriptor, MethodDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

import expirement_pb2


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


@dataclass(frozen=True, slots=True)
class Method:
    """A method, and the kind of its calls."""

    path: str
    client_streaming: bool
    server_streaming: bool
    request: MessageType
    response: MessageType

    @property
    def kind(self) -> str:
        """The kind as grpcio's functions are named: "unary_stream"."""
        words = ("unary", "stream")
        return f"{words[self.client_streaming]}_{words[self.server_streaming]}"


Methods: TypeAlias = dict[str, Method]  # by path


def load(files: bytes) -> Methods:
    """Returns the methods of a serialized FileDescriptorSet, and that of the plain service.

    Raises DecodeError or TypeError for files that do not make sense.
    """
    pool = DescriptorPool()
    names = []
    for file in FileDescriptorSet.FromString(files).file:
        pool.AddSerializedFile(file.SerializeToString())
        names.append(file.name)
    return PLAIN | _methods(pool.FindFileByName(name) for name in names)


def _methods(files: Iterable[FileDescriptor]) -> Methods:
    services = (service for file in files for service in file.services_by_name.values())
    found = (_method(method) for service in services for method in service.methods)
    return {method.path: method for method in found}


def _method(method: MethodDescriptor) -> Method:
    return Method(
        path=f"/{method.containing_service.full_name}/{method.name}",
        client_streaming=method.client_streaming,
        server_streaming=method.server_streaming,
        request=MessageType(method.input_type),
        response=MessageType(method.output_type),
    )


PLAIN = _methods([expirement_pb2.DESCRIPTOR])
