"""TLS, from the PEM texts of a line."""

import os
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import NamedTemporaryFile
from typing import Any, TextIO

from grpclib.server import Stream

from stitch_grpclib.lines import Object

_VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


def context(tls: Object | None, purpose: ssl.Purpose) -> ssl.SSLContext | None:
    """Returns the context of a channel or a listener; None: not encrypted.

    Raises SSLError when a text is no certificate or key, and ValueError for a listener without
    a certificate or of a version that is unknown.
    """
    if tls is None:
        return None
    if purpose is ssl.Purpose.CLIENT_AUTH and not tls.get("cert"):
        raise ValueError("tls: a listener needs a certificate")
    ca = tls.get("ca") or tls.get("clientCa") or None
    made = ssl.create_default_context(purpose, cadata=ca)
    made.set_alpn_protocols(["h2"])
    if ca:
        made.verify_mode = ssl.CERT_REQUIRED  # of clients, too
    if tls.get("cert"):
        with _file() as (file, path):
            file.write(f"{tls['cert']}\n{tls.get('key', '')}")
            file.flush()
            # For a key that is encrypted OpenSSL would ask whoever sits at the terminal.
            made.load_cert_chain(path, password="")
    if version := tls.get("version"):
        if version not in _VERSIONS:
            raise ValueError(f'tls: version "{version}"')
        made.minimum_version = made.maximum_version = _VERSIONS[version]
    return made


def client_name(stream: Stream[Any, Any]) -> str:
    """Returns the common name of the certificate that the client has shown, "" without one."""
    certificate = stream.peer.cert() if stream.peer else None
    subject = dict(pair for names in (certificate or {}).get("subject", ()) for pair in names)
    return str(subject.get("commonName", ""))


@contextmanager
def _file() -> Iterator[tuple[TextIO, str]]:
    """A file and its path: ssl reads its own certificate from files alone. On Linux on no disk."""
    if sys.platform == "linux":
        with os.fdopen(os.memfd_create("identity"), "w") as file:
            yield file, f"/proc/self/fd/{file.fileno()}"
    else:
        with NamedTemporaryFile("w") as named:
            yield named.file, named.name
