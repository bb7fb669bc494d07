import datetime

import expirement_pb2 as _expirement_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Implementation(_message.Message):
    __slots__ = ("language", "language_version", "library", "library_version")
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_VERSION_FIELD_NUMBER: _ClassVar[int]
    LIBRARY_FIELD_NUMBER: _ClassVar[int]
    LIBRARY_VERSION_FIELD_NUMBER: _ClassVar[int]
    language: str
    language_version: str
    library: str
    library_version: str
    def __init__(self, language: _Optional[str] = ..., language_version: _Optional[str] = ..., library: _Optional[str] = ..., library_version: _Optional[str] = ...) -> None: ...

class Metadatum(_message.Message):
    __slots__ = ("key", "text", "binary")
    KEY_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    BINARY_FIELD_NUMBER: _ClassVar[int]
    key: str
    text: str
    binary: bytes
    def __init__(self, key: _Optional[str] = ..., text: _Optional[str] = ..., binary: _Optional[bytes] = ...) -> None: ...

class Call(_message.Message):
    __slots__ = ("id", "kind", "address", "channel", "method", "request", "metadata", "timeout", "cancel_after", "wait_for_ready", "compression")
    ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    CANCEL_AFTER_FIELD_NUMBER: _ClassVar[int]
    WAIT_FOR_READY_FIELD_NUMBER: _ClassVar[int]
    COMPRESSION_FIELD_NUMBER: _ClassVar[int]
    id: str
    kind: str
    address: str
    channel: str
    method: str
    request: _expirement_pb2.NameRequest
    metadata: _containers.RepeatedCompositeFieldContainer[Metadatum]
    timeout: _duration_pb2.Duration
    cancel_after: _duration_pb2.Duration
    wait_for_ready: bool
    compression: str
    def __init__(self, id: _Optional[str] = ..., kind: _Optional[str] = ..., address: _Optional[str] = ..., channel: _Optional[str] = ..., method: _Optional[str] = ..., request: _Optional[_Union[_expirement_pb2.NameRequest, _Mapping]] = ..., metadata: _Optional[_Iterable[_Union[Metadatum, _Mapping]]] = ..., timeout: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., cancel_after: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., wait_for_ready: _Optional[bool] = ..., compression: _Optional[str] = ...) -> None: ...

class CallRecord(_message.Message):
    __slots__ = ("id", "unsupported", "code", "message", "reply", "headers", "trailers", "elapsed")
    ID_FIELD_NUMBER: _ClassVar[int]
    UNSUPPORTED_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    REPLY_FIELD_NUMBER: _ClassVar[int]
    HEADERS_FIELD_NUMBER: _ClassVar[int]
    TRAILERS_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_FIELD_NUMBER: _ClassVar[int]
    id: str
    unsupported: str
    code: int
    message: str
    reply: _expirement_pb2.Expirement
    headers: _containers.RepeatedCompositeFieldContainer[Metadatum]
    trailers: _containers.RepeatedCompositeFieldContainer[Metadatum]
    elapsed: _duration_pb2.Duration
    def __init__(self, id: _Optional[str] = ..., unsupported: _Optional[str] = ..., code: _Optional[int] = ..., message: _Optional[str] = ..., reply: _Optional[_Union[_expirement_pb2.Expirement, _Mapping]] = ..., headers: _Optional[_Iterable[_Union[Metadatum, _Mapping]]] = ..., trailers: _Optional[_Iterable[_Union[Metadatum, _Mapping]]] = ..., elapsed: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class ClientLine(_message.Message):
    __slots__ = ("ready", "ended")
    READY_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    ready: Implementation
    ended: CallRecord
    def __init__(self, ready: _Optional[_Union[Implementation, _Mapping]] = ..., ended: _Optional[_Union[CallRecord, _Mapping]] = ...) -> None: ...

class Listen(_message.Message):
    __slots__ = ("port",)
    PORT_FIELD_NUMBER: _ClassVar[int]
    port: int
    def __init__(self, port: _Optional[int] = ...) -> None: ...

class Close(_message.Message):
    __slots__ = ("port",)
    PORT_FIELD_NUMBER: _ClassVar[int]
    port: int
    def __init__(self, port: _Optional[int] = ...) -> None: ...

class Flush(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Instruction(_message.Message):
    __slots__ = ("listen", "close", "flush")
    LISTEN_FIELD_NUMBER: _ClassVar[int]
    CLOSE_FIELD_NUMBER: _ClassVar[int]
    FLUSH_FIELD_NUMBER: _ClassVar[int]
    listen: Listen
    close: Close
    flush: Flush
    def __init__(self, listen: _Optional[_Union[Listen, _Mapping]] = ..., close: _Optional[_Union[Close, _Mapping]] = ..., flush: _Optional[_Union[Flush, _Mapping]] = ...) -> None: ...

class Listening(_message.Message):
    __slots__ = ("port", "implementation")
    PORT_FIELD_NUMBER: _ClassVar[int]
    IMPLEMENTATION_FIELD_NUMBER: _ClassVar[int]
    port: int
    implementation: Implementation
    def __init__(self, port: _Optional[int] = ..., implementation: _Optional[_Union[Implementation, _Mapping]] = ...) -> None: ...

class Closed(_message.Message):
    __slots__ = ("port",)
    PORT_FIELD_NUMBER: _ClassVar[int]
    port: int
    def __init__(self, port: _Optional[int] = ...) -> None: ...

class Flushed(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Refused(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class ServedRecord(_message.Message):
    __slots__ = ("call_id", "method", "request", "metadata", "time_remaining", "cancelled", "code", "message", "reply")
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    TIME_REMAINING_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    REPLY_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    method: str
    request: _expirement_pb2.NameRequest
    metadata: _containers.RepeatedCompositeFieldContainer[Metadatum]
    time_remaining: _duration_pb2.Duration
    cancelled: bool
    code: int
    message: str
    reply: _expirement_pb2.Expirement
    def __init__(self, call_id: _Optional[str] = ..., method: _Optional[str] = ..., request: _Optional[_Union[_expirement_pb2.NameRequest, _Mapping]] = ..., metadata: _Optional[_Iterable[_Union[Metadatum, _Mapping]]] = ..., time_remaining: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., cancelled: _Optional[bool] = ..., code: _Optional[int] = ..., message: _Optional[str] = ..., reply: _Optional[_Union[_expirement_pb2.Expirement, _Mapping]] = ...) -> None: ...

class ServerLine(_message.Message):
    __slots__ = ("listening", "served", "closed", "flushed", "refused")
    LISTENING_FIELD_NUMBER: _ClassVar[int]
    SERVED_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    FLUSHED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    listening: Listening
    served: ServedRecord
    closed: Closed
    flushed: Flushed
    refused: Refused
    def __init__(self, listening: _Optional[_Union[Listening, _Mapping]] = ..., served: _Optional[_Union[ServedRecord, _Mapping]] = ..., closed: _Optional[_Union[Closed, _Mapping]] = ..., flushed: _Optional[_Union[Flushed, _Mapping]] = ..., refused: _Optional[_Union[Refused, _Mapping]] = ...) -> None: ...
