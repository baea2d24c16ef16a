"""What ties a SOAP response to its request: equal headers, and the hash of the request's bytes.

Source: message-path dossier s.2.7, s.3.9.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hmac import compare_digest

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.soap.charsets import width_codec
from lienthong.exchange.message.soap.messages import SoapMessage
from lienthong.exchange.message.soap.places import START_TAG, VALUE, S, blocks_of
from lienthong.trust.algorithms import PRODUCTION, DigestAlgorithm, Policy
from lienthong.trust.errors import UnsupportedAlgorithmError

_COMPARED = {
    "client": "client",
    "service": "service",
    "user_id": "userId",
    "represented_party": "representedParty",
    "issue": "issue",
    "message_id": "id",
}
"""Field → header; the security server asked for is not among them."""
_ALGORITHM_ATTRIBUTE = re.compile(rf"{S}+algorithmId{S}*={S}*{VALUE}")
_HASH_LOCAL_NAME = "requestHash"


def compare_answer(request: SoapMessage, response: SoapMessage) -> None:
    """Refuse a response whose headers are not those of its request.

    Raises:
        Fault: ``inconsistent_response``, which the caller puts after ``service_failed``.
    """
    for field, header in _COMPARED.items():
        if getattr(request, field) != getattr(response, field):
            raise Fault("inconsistent_response", f"Field '{header}' does not match in request and response")


def check_request_hash(response: SoapMessage, request_envelope: bytes, *, policy: Policy = PRODUCTION) -> None:
    """Refuse a response without the hash of the request's bytes, or with another's.

    Raises:
        Fault: ``inconsistent_response``.
    """
    if response.request_hash is None:
        raise Fault("inconsistent_response", "Response from server proxy is missing request message hash")
    uri, value = response.request_hash
    if not compare_digest(value.strip().encode(), _hash(request_envelope, _algorithm(uri, policy)).encode()):
        raise Fault("inconsistent_response", "Request message hash does not match request message")


def with_request_hash(response: SoapMessage, request_envelope: bytes) -> bytes:
    """The response's envelope with the request's hash after its ``id`` header; every other byte as it was.

    The hash has the prefix and the attributes of ``id``. One that the service supplied is dropped.
    """
    codec = width_codec(response.envelope)
    text = response.envelope.decode(codec)
    header, id_block, hash_block = response.places
    blocks = blocks_of(text, header)
    start, end = blocks[id_block]
    added = _element(text[start:end], _hash(request_envelope, DigestAlgorithm.SHA512))
    if hash_block is None:
        return f"{text[:end]}{added}{text[end:]}".encode(codec)
    gone, kept = blocks[hash_block]
    if hash_block < id_block:
        return f"{text[:gone]}{text[kept:end]}{added}{text[end:]}".encode(codec)
    return f"{text[:end]}{added}{text[end:gone]}{text[kept:]}".encode(codec)


def _element(id_block: str, digest: str) -> str:
    tag = START_TAG.match(id_block)
    assert tag is not None
    prefix, colon, _ = tag["name"].rpartition(":")
    name = f"{prefix}{colon}{_HASH_LOCAL_NAME}"
    attributes = _ALGORITHM_ATTRIBUTE.sub("", tag["attributes"])
    return f'<{name}{attributes} algorithmId="{DigestAlgorithm.SHA512.uri}">{digest}</{name}>'


def _algorithm(uri: str, policy: Policy) -> DigestAlgorithm:
    try:
        algorithm = DigestAlgorithm.from_uri(uri)
    except UnsupportedAlgorithmError:
        algorithm = None
    if algorithm is None or algorithm not in policy.digests:
        raise Fault("inconsistent_response", f"Request message hash is of algorithm {uri[:100]!r}, not of SHA-512")
    return algorithm


def _hash(data: bytes, algorithm: DigestAlgorithm) -> str:
    return b64encode(algorithm.digest(data).value).decode("ascii")
