"""Header blocks of REST messages: built from what an HTTP peer sent, or read as received and never written again.

A block is the content of the ``application/x-road-rest-request`` or ``-response`` part, the signed ``/message.xml``.
Source: PR-REST s.4; message-path dossier s.1.4, s.2.4, s.2.5, s.3.7.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import (
    ClientId,
    IdentifierError,
    SecurityServerId,
    ServiceId,
    decode_client,
    decode_segment,
    decode_server,
    decode_service,
    encode_path,
)
from lienthong.exchange.message.rest_headers import (
    REMOVED_FROM_REQUEST,
    REMOVED_FROM_RESPONSE,
    Headers,
    check_lines,
    join_block,
    kept,
    pairs,
    x_road_values,
)

METHODS = frozenset({b"DELETE", b"GET", b"HEAD", b"OPTIONS", b"PATCH", b"POST", b"PUT", b"TRACE"})
BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})
"""Only with these is a body handed on to the service; with others it is signed, transported and logged."""
PATH_PREFIX = b"/r1/"
"""Anything else on the client port is not REST."""

_VERSION = re.compile(rb"r[0-9]")
_CHARS = rb"A-Za-z0-9\-._~!$&'()*+,;=:@/\x80-\xff"
_TARGET = re.compile(
    rb"/[%b]*(?:%%[0-9A-Fa-f]{2}[%b]*)*" % (_CHARS, _CHARS)
    + rb"(?:\?[%b?\[\]]*(?:%%[0-9A-Fa-f]{2}[%b?\[\]]*)*)?" % (_CHARS, _CHARS)
)
"""A relative URI as java.net.URI takes it. Source: message-path s.3.7."""
_STATUS = re.compile(rb"[1-9][0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentedParty:
    """On whose behalf a request is made (``X-Road-Represented-Party``)."""

    party_code: str
    party_class: str | None = None


class RestRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A REST request: its header block, and what the exchange needs to know of it."""

    block: bytes
    """As signed and transported; never written again."""
    method: str
    target: bytes
    """Raw path and query."""
    service: ServiceId
    service_path: bytes
    """Raw, undecoded: empty, or beginning with ``/``."""
    client: ClientId
    message_id: str
    """``X-Road-Id``; empty in a received block that has none."""
    represented_party: RepresentedParty | None
    security_server: SecurityServerId | None
    """Where the consumer wants the request to go."""
    user_id: str | None
    """``X-Road-UserId``."""
    issue: str | None
    """``X-Road-Issue``."""
    request_id: str | None
    """``x-road-request-id``, which the consumer's server gave."""
    headers_start: int
    """Offset of the first header line in the block."""

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """Names and values in order and spelling, as the service must get them."""
        return pairs(self.block, self.headers_start)

    @property
    def query(self) -> bytes | None:
        """Raw query, or None where the target has no question mark."""
        _, mark, query = self.target.partition(b"?")
        return query if mark else None

    @property
    def has_repeated_client(self) -> bool:
        """Whether ``X-Road-Client`` comes more than once; the service would see each. Other servers let it pass."""
        return self.block.lower().count(b"\nx-road-client:", self.headers_start - 1) > 1

    @classmethod
    def build(
        cls, *, method: str, target: bytes, headers: Headers, request_id: str, default_message_id: Callable[[], str]
    ) -> RestRequest:
        """The request that an information system's HTTP request becomes.

        Args:
            target: Raw path and query.
            headers: As received, in order and spelling.
            request_id: Fresh random UUID.
            default_message_id: Gives ``<instance>-<uuid4>``, used where the information system gave no ``X-Road-Id``.
        Raises:
            Fault: ``internal_error``, ``invalid_client_identifier``; the consumer's server prefixes it.
        Source: message-path dossier s.2.4.
        """
        lines = kept(headers, REMOVED_FROM_REQUEST, usual_charset=True)
        lines.append(b"x-road-request-id:" + request_id.encode("ascii"))
        if b"x-road-id" not in {name.lower() for name, _ in headers}:
            lines.append(b"x-road-id:" + default_message_id().encode("utf-8"))
        request = cls.parse(join_block(method.encode("latin-1"), target, lines))
        if request.has_repeated_client:
            raise Fault("invalid_client_identifier", "The request has more than one X-Road-Client header; send one")
        return request

    @classmethod
    def parse(cls, block: bytes) -> RestRequest:
        """Read a received header block.

        Raises:
            Fault: ``internal_error`` for anything malformed, ``invalid_client_identifier`` without ``X-Road-Client``.
        Source: message-path dossier s.3.7.
        """
        method, target, start = _opening(block)
        if method not in METHODS:
            raise Fault("internal_error", f"Unknown HTTP method {_shown(method)}")
        if not _TARGET.fullmatch(target):
            raise Fault("internal_error", f"Invalid request URI: {_shown(target)} is no relative URI")
        service, service_path = _service_of(target)
        check_lines(block, start)
        own = x_road_values(block, start)
        return cls(
            block=block,
            method=method.decode("ascii"),
            target=target,
            service=service,
            service_path=service_path,
            client=_client(own.get("x-road-client")),
            message_id=own.get("x-road-id", ""),
            represented_party=_represented(own.get("x-road-represented-party")),
            security_server=_server(own.get("x-road-security-server")),
            user_id=own.get("x-road-userid"),
            issue=own.get("x-road-issue"),
            request_id=own.get("x-road-request-id"),
            headers_start=start,
        )


class RestResponse(msgspec.Struct, frozen=True, kw_only=True):
    """A REST response: its header block, and what the exchange needs to know of it."""

    block: bytes
    """As signed and transported; never written again."""
    status: int
    reason: str
    client: ClientId
    service: ServiceId
    message_id: str
    request_id: str
    """``x-road-request-id``; empty where the block has none."""
    request_hash: str
    """``x-road-request-hash``, base64."""
    headers_start: int
    """Offset of the first header line in the block."""

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """Names and values in order and spelling, duplicates too, as the information system must get them."""
        return pairs(self.block, self.headers_start)

    @classmethod
    def build(
        cls, *, status: int, reason: bytes, headers: Headers, request: RestRequest, request_id: str, request_hash: str
    ) -> RestResponse:
        """The response that a service's HTTP response becomes.

        Args:
            request_id: ``x-road-request-id`` of the transport request.
            request_hash: Of the request as received.
        Raises:
            Fault: ``internal_error`` when the service's status or headers cannot be carried.
        Source: message-path dossier s.2.5.
        """
        lines = kept(headers, REMOVED_FROM_RESPONSE)
        lines += _own_lines(request, request_id, request_hash)
        return cls.parse(join_block(b"%d" % status, reason, lines))

    @classmethod
    def build_own(cls, *, content_type: str, request: RestRequest, request_id: str, request_hash: str) -> RestResponse:
        """The response of a metaservice: nothing came from a service, and the content type stands last.

        Recorded servers also echo headers of the request that are not theirs; ours does not.
        Source: recordings ``meta/rest-*``; message-path dossier s.7.5.
        """
        lines = [*_own_lines(request, request_id, request_hash), b"content-type:" + content_type.encode("latin-1")]
        return cls.parse(join_block(b"200", b"OK", lines))

    @classmethod
    def parse(cls, block: bytes) -> RestResponse:
        """Read a received header block.

        Raises:
            Fault: ``internal_error`` for anything malformed or missing.
        Source: message-path dossier s.3.7.
        """
        status, reason, start = _opening(block)
        if not _STATUS.fullmatch(status):
            raise Fault("internal_error", f"Invalid response status {_shown(status)}")
        check_lines(block, start)
        own = x_road_values(block, start)
        return cls(
            block=block,
            status=int(status),
            reason=reason.decode("utf-8"),
            client=_client(own.get("x-road-client")),
            service=_decoded_service(own.get("x-road-service", "")),
            message_id=_required(own, "x-road-id"),
            request_id=own.get("x-road-request-id", ""),
            request_hash=_required(own, "x-road-request-hash"),
            headers_start=start,
        )


def _own_lines(request: RestRequest, request_id: str, request_hash: str) -> list[bytes]:
    """What the provider's server itself says in a response, in its order. Source: message-path dossier s.2.5."""
    return [
        b"x-road-id:" + request.message_id.encode("utf-8"),
        b"x-road-client:" + encode_path(request.client).encode("ascii"),
        b"x-road-service:" + encode_path(request.service).encode("ascii"),
        b"x-road-request-id:" + request_id.encode("utf-8"),
        b"x-road-request-hash:" + request_hash.encode("ascii"),
    ]


def is_response_block(block: bytes) -> bool:
    """Whether a logged block is a response's: only a status begins with a digit."""
    return block[:1] in {b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8", b"9"}


def _opening(block: bytes) -> tuple[bytes, bytes, int]:
    """The first two lines, and the offset after them."""
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        raise Fault("internal_error", "Header block is not UTF-8") from None
    first = block.find(b"\r\n")
    second = block.find(b"\r\n", first + 2)
    if first < 0 or second < 0:
        raise Fault("internal_error", "Header block ends before its third line")
    line = block[first + 2 : second]
    if b"\n" in line or b"\r" in line:
        raise Fault("internal_error", "Header block has a line end other than CRLF")
    return block[:first], line, second + 2


def _shown(value: bytes) -> str:
    return ascii(value[:100].decode("utf-8", "replace"))


def _service_of(target: bytes) -> tuple[ServiceId, bytes]:
    """Service and raw service path of a target. Source: message-path dossier s.1.4."""
    pieces = target.partition(b"?")[0].split(b"/", 7)
    if len(pieces) < 7:
        raise Fault("internal_error", "Invalid request URI")
    if not _VERSION.fullmatch(pieces[1]):
        raise Fault("internal_error", "Invalid request URI")
    if pieces[1] != b"r1":
        raise Fault("internal_error", "Unsupported protocol version")
    service = _decoded_service(b"/".join(pieces[2:7]).decode("utf-8"))
    return service, b"/" + pieces[7] if len(pieces) == 8 else b""


@lru_cache(maxsize=4096)
def _decoded_service(text: str) -> ServiceId:
    try:
        return decode_service(text)
    except IdentifierError as exc:
        raise Fault("internal_error", f"Invalid Service Id: {exc}") from exc


def _client(value: str | None) -> ClientId:
    if value is None:
        raise Fault("invalid_client_identifier", "The client identifier is missing; send header X-Road-Client")
    return _decoded_client(value)


@lru_cache(maxsize=4096)
def _decoded_client(text: str) -> ClientId:
    try:
        return decode_client(text)
    except IdentifierError:
        raise Fault("internal_error", "Invalid Client Id") from None


def _server(value: str | None) -> SecurityServerId | None:
    if value is None:
        return None
    try:
        return decode_server(value)
    except IdentifierError:
        raise Fault("internal_error", "Invalid SecurityServer Id") from None


def _represented(value: str | None) -> RepresentedParty | None:
    if value is None:
        return None
    pieces = value.split("/")
    try:
        decoded = [decode_segment(piece) for piece in pieces]
    except IdentifierError:
        decoded = []
    if len(decoded) not in {1, 2} or not all(piece.strip() for piece in decoded):
        raise Fault("internal_error", "Invalid RepresentedParty Id")
    return RepresentedParty(party_code=decoded[-1], party_class=decoded[0] if len(decoded) == 2 else None)


def _required(own: Mapping[str, str], name: str) -> str:
    value = own.get(name)
    if not value:
        raise Fault("internal_error", f"Response has no {name}")
    return value
