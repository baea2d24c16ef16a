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
_S = "[ \t\r\n]"
_VALUE = """(?:"[^"]*"|'[^']*')"""
_TAG = rf"<(?P<name>[^ \t\r\n/>]+)(?P<attributes>(?:{_S}+[^ \t\r\n=/>]+{_S}*={_S}*{_VALUE})*){_S}*"
_START_TAG = re.compile(f"{_TAG}/?>")
_EMPTY_TAG = re.compile(f"{_TAG}/>")
_ALGORITHM_ATTRIBUTE = re.compile(rf"{_S}+algorithmId{_S}*={_S}*{_VALUE}")
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
    envelope = response.envelope
    codec = width_codec(envelope)
    id_start, id_end = _extent(envelope, response.id_span, codec)
    digest = _hash(request_envelope, DigestAlgorithm.SHA512)
    added = _element(envelope[id_start:id_end].decode(codec), digest).encode(codec)
    if response.request_hash_span is None:
        return b"".join((envelope[:id_end], added, envelope[id_end:]))
    start, end = _extent(envelope, response.request_hash_span, codec)
    if start < id_start:
        return b"".join((envelope[:start], envelope[end:id_end], added, envelope[id_end:]))
    return b"".join((envelope[:id_end], added, envelope[id_end:start], envelope[end:]))


def _extent(envelope: bytes, span: tuple[int, int], codec: str) -> tuple[int, int]:
    """From an element's start tag to behind its end tag, or behind the one tag of an element written empty."""
    start, end = span
    if _EMPTY_TAG.fullmatch(envelope[start:end].decode(codec)):
        return span
    mark = ">".encode(codec)
    found = envelope.index(mark, end)
    while (found - end) % len(mark):  # half of one character and half of the next
        found = envelope.index(mark, found + 1)
    return start, found + len(mark)


def _element(id_element: str, digest: str) -> str:
    tag = _START_TAG.match(id_element)
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
