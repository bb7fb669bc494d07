"""A service with a method of every kind, and its messages."""

from base64 import b64encode

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.text_format import Parse

from expirement_pb2 import NameRequest

KINDS = [
    ("Unary", False, False),
    ("Upload", True, False),
    ("Watch", False, True),
    ("Chat", True, True),
]
PATHS = [f"/tests.Kinds/{name}" for name, _, _ in KINDS]
UNARY, UPLOAD, WATCH, CHAT = PATHS

_METHODS = "".join(
    f"""method {{ name: "{name}" input_type: ".tests.Text" output_type: ".tests.Text"
        client_streaming: {str(client).lower()} server_streaming: {str(server).lower()} }}"""
    for name, client, server in KINDS
)
_FILES = f"""
    file {{
      name: "kinds.proto" package: "tests" syntax: "proto3"
      message_type {{
        name: "Text" field {{ name: "text" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }}
      }}
      service {{ name: "Kinds" {_METHODS} }}
    }}
    file {{
      name: "strict.proto" package: "tests" syntax: "proto2"
      message_type {{
        name: "Strict" field {{ name: "text" number: 1 type: TYPE_STRING label: LABEL_REQUIRED }}
      }}
      service {{
        name: "Stern"
        method {{ name: "Ask" input_type: ".tests.Strict" output_type: ".tests.Strict" }}
      }}
    }}"""


def b64(data: bytes) -> str:
    return b64encode(data).decode()


FILES = b64(Parse(_FILES, FileDescriptorSet()).SerializeToString())


def text(value: str) -> str:
    """Returns a Text as it is on a line. A NameRequest has the same bytes."""
    return b64(NameRequest(name=value).SerializeToString())
