"""The value that ties a REST response to its request.

Source: PR-REST s.4.3; message-path dossier s.2.4, s.3.9.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha512

from lienthong.trust.algorithms import DigestAlgorithm


def request_hash(block: bytes, body_sha512: bytes | None, *, outer: DigestAlgorithm = DigestAlgorithm.SHA512) -> str:
    """The ``x-road-request-hash`` of a request.

    Args:
        block: Header block as transported.
        body_sha512: SHA-512 of the body, or None when the message had no body part: presence decides, not length.
        outer: Algorithm of the hash over both hashes, which the response's ``x-hash-algorithm`` names.
    Returns:
        Base64, unwrapped.
    Source: message-path dossier s.2.4, s.3.9.
    """
    inner = sha512(block).digest()
    value = inner if body_sha512 is None else outer.digest(inner + body_sha512).value
    return b64encode(value).decode("ascii")
