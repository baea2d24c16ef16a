"""Media types and HTTP header names of the message transport.

Source: PR-MESSTRANSP s.3; message-path dossier s.3.4, s.3.6.
"""

from __future__ import annotations

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.media_types import media_type, parameter
from lienthong.trust.algorithms import PRODUCTION, DigestAlgorithm, Policy
from lienthong.trust.errors import UnsupportedAlgorithmError

HASH_ALGORITHM = "x-hash-algorithm"
"""Names the algorithm of the part digests; NIIS looks all of these names up by exact (lower) case."""
PROXY_VERSION = "x-proxy-version"
ORIGINAL_CONTENT_TYPE = "x-original-content-type"
ORIGINAL_SOAP_ACTION = "x-original-soapaction"
REQUEST_ID = "x-road-request-id"
MESSAGE_TYPE = "x-road-message-type"
REST_MESSAGE = "REST"
"""Value of ``x-road-message-type`` of a REST message; SOAP messages carry no such header."""

OCSP_RESPONSE_TYPE = "application/ocsp-response"
REST_REQUEST_TYPE = "application/x-road-rest-request"
REST_RESPONSE_TYPE = "application/x-road-rest-response"
REST_BODY_TYPE = "application/x-road-rest-body"
HASH_CHAIN_RESULT_TYPE = "application/hash-chain-result"
HASH_CHAIN_TYPE = "application/hash-chain"
SIGNATURE_TYPE = "signature/bdoc-1.0/ts"
SOAP_TYPE = "text/xml; charset=UTF-8"
_UTF8 = "UTF-8"
XOP_MEDIA_TYPE = "application/xop+xml"

TOP_BOUNDARY_PREFIX = "xtop"
ATTACHMENT_BOUNDARY_PREFIX = "xatt"
_BOUNDARY_LETTERS = 30
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TO_LETTER = bytes(_LETTERS[value % len(_LETTERS)] for value in range(256))


def boundary_from(random_bytes: bytes, *, prefix: str = TOP_BOUNDARY_PREFIX) -> str:
    """Spell 30 random bytes as a boundary of the prefix and 30 letters, as security servers do."""
    if len(random_bytes) != _BOUNDARY_LETTERS:
        raise ValueError(f"a boundary takes {_BOUNDARY_LETTERS} random bytes, not {len(random_bytes)}")
    return prefix + random_bytes.translate(_TO_LETTER).decode("ascii")


def attachment_boundary(boundary: str) -> str:
    """The boundary of the attachments nested in a message of this boundary. Source: recordings ``soap/attachment``."""
    return ATTACHMENT_BOUNDARY_PREFIX + boundary.removeprefix(TOP_BOUNDARY_PREFIX)


def envelope_content_type(part_type: str) -> str:
    """The Content-Type of an envelope that goes alone: UTF-8, unless its part names another charset."""
    charset = parameter(part_type, "charset") or _UTF8
    return SOAP_TYPE if charset.upper() == _UTF8 else f"text/xml; charset={charset}"


def message_content_type(boundary: str) -> str:
    """The Content-Type of a transport message, and of its nested attachments. Source: message-path s.3.4, s.3.5."""
    return f"multipart/mixed; charset=UTF-8; boundary={boundary}"


def boundary_of(content_type: str) -> str:
    """The boundary parameter of a multipart Content-Type.

    Raises:
        Fault: ``invalid_content_type`` when it is no multipart type or names no usable boundary.
    Source: RFC 2046 s.5.1.1.
    """
    if not media_type(content_type).startswith("multipart/"):
        raise Fault("invalid_content_type", f"Expected a multipart content type, got: {content_type}")
    boundary = parameter(content_type, "boundary")
    if not boundary or len(boundary) > 70 or not boundary.isascii():
        raise Fault("invalid_content_type", f"Content type names no boundary of 1 to 70 characters: {content_type}")
    return boundary


def read_hash_algorithm(value: str | None, *, policy: Policy = PRODUCTION) -> DigestAlgorithm:
    """The algorithm that an ``x-hash-algorithm`` header names.

    Raises:
        Fault: ``internal_error`` when it is missing or unknown, ``unsupported_algorithm`` when *policy* refuses it.
    Source: message-path s.3.4.
    """
    if not value:
        raise Fault("internal_error", f"Could not get hash algorithm identifier: header {HASH_ALGORITHM} is missing")
    try:
        algorithm = DigestAlgorithm.from_label(value)
    except UnsupportedAlgorithmError:
        known = ", ".join(each.label for each in DigestAlgorithm)
        raise Fault("internal_error", f"{HASH_ALGORITHM} names {value!r}; known are {known}") from None
    if algorithm not in policy.digests:
        raise Fault("unsupported_algorithm", f"{HASH_ALGORITHM} names {value}, which policy {policy.name} refuses")
    return algorithm
