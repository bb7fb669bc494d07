"""TLS, from the PEM texts of a line."""

import ssl
from tempfile import NamedTemporaryFile

from stitch_grpclib.lines import Object


def context(tls: Object | None, purpose: ssl.Purpose) -> ssl.SSLContext | None:
    """Returns the context of a channel or a listener; None: not encrypted.

    Raises SSLError when a text is no certificate or key.
    """
    if tls is None:
        return None
    ca = tls.get("ca") or tls.get("clientCa") or None
    made = ssl.create_default_context(purpose, cadata=ca)
    made.set_alpn_protocols(["h2"])
    if ca:
        made.verify_mode = ssl.CERT_REQUIRED  # of clients, too
    if tls.get("cert"):
        with NamedTemporaryFile("w") as file:  # ssl reads its own certificate from files alone
            file.write(f"{tls['cert']}\n{tls.get('key', '')}")
            file.flush()
            made.load_cert_chain(file.name)
    return made
