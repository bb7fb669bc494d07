"""The methods that the peer knows."""

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpclib.const import Cardinality, Handler, Status
from grpclib.exceptions import GRPCError

from stitch_grpclib.manage import Manage

# By path, as grpclib describes them: a kind, two types, and what serves a call of it when no
# script does.
Methods = dict[str, Handler]


def known(files: bytes = b"") -> Methods:
    """Returns the methods of a serialized FileDescriptorSet, and those of the plain service.

    Raises TypeError or DecodeError when it is none, or lacks a file.
    """
    pool = DescriptorPool()  # its own: types may be told anew
    described: Methods = {}
    for file in FileDescriptorSet.FromString(files).file:
        pool.Add(file)
        for service in pool.FindFileByName(file.name).services_by_name.values():
            for method in service.methods:
                described[f"/{service.full_name}/{method.name}"] = Handler(
                    _no_script,
                    _KINDS[method.client_streaming, method.server_streaming],
                    GetMessageClass(method.input_type),
                    GetMessageClass(method.output_type),
                )
    return described | Manage().__mapping__()


_KINDS = {tuple(kind.value): kind for kind in Cardinality}


async def _no_script(_stream: object) -> None:
    raise GRPCError(Status.UNIMPLEMENTED, "no script")
