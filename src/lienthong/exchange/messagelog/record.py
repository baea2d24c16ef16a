"""What the message log keeps of one message, and its binary form.

A record is encoded in three: fields, evidence, body. Evidence is what the messages of one batch share, the signature
and the hash chain result, so that a log can keep it once; the body may be large and is streamed. Fields are a
MessagePack array in the order of :class:`_Fields`, preceded by one version byte; evidence is one of :class:`_Evidence`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, TypeVar

import msgspec

from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.identifiers import ClientId, IdentifierError, ServiceId
from lienthong.trust.algorithms import Digest, DigestAlgorithm
from lienthong.trust.errors import TrustError

_T = TypeVar("_T")
FIELDS_VERSION = 2
MAX_FIELDS_BYTES = 64 * 1024 * 1024
"""More than headers and a SOAP envelope, or a signature, can need; a longer length in a frame is damage."""


class RecordError(ExchangeError):
    """Bytes that are no log record of a version known here."""


class Side(Enum):
    """Which security server of the exchange wrote the record."""

    CLIENT = "client"
    """The consumer's."""
    SERVER = "server"
    """The provider's."""


class BodyState(Enum):
    """What became of the body of a message."""

    STORED = "stored"
    WITHHELD = "withheld"
    """Policy keeps it out of the log; ``message`` and its digest stay, so a body shown later can be judged."""
    TRUNCATED = "truncated"
    """Only the first bytes are kept."""
    NONE = "none"
    """The message had no body, an empty one, or is SOAP (whose envelope is the message)."""


class LogRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One logged message. Source: message-path s.5.1 (columns of LOGRECORD)."""

    message_id: str
    """``X-Road-Id`` or SOAP ``id``: the query id, shared by request and response."""
    x_request_id: str | None = None
    """``x-road-request-id``: a UUID that is new for each exchange."""
    time_ms: int
    """When it was logged, milliseconds since 1970-01-01 UTC."""
    side: Side
    is_response: bool
    is_rest: bool
    """REST, else SOAP."""
    client: ClientId
    """The consumer."""
    service: ServiceId
    user_id: str | None = None
    """``X-Road-UserId``: the officer, as the consumer names them."""
    issue: str | None = None
    """``X-Road-Issue``: the dossier or legal basis."""
    message: bytes
    """REST header block or SOAP envelope, exactly as signed."""
    signature: bytes
    """``signatures.xml``, UTF-8."""
    hash_chain_result: bytes | None = None
    """``sig-hashchainresult.xml`` of a batch signature, else None."""
    hash_chain: bytes | None = None
    """``sig-hashchain.xml`` of a batch signature, else None."""
    body: bytes | None = None
    """The stored REST body; None when there is none, or when it lies in a file of its own."""
    body_size: int = 0
    """Bytes of the whole body as sent, whatever is kept of it."""
    body_digest: Digest | None = None
    """Digest of the whole body as signed; None without a body."""
    body_state: BodyState = BodyState.NONE

    def __post_init__(self) -> None:
        if (self.hash_chain is None) != (self.hash_chain_result is None):
            raise ValueError("a hash chain and its result come together")
        if self.body is not None and self.body_state not in {BodyState.STORED, BodyState.TRUNCATED}:
            raise ValueError(f"body is {self.body_state.value} but given")
        if self.body_size < 0 or self.time_ms < 0:
            raise ValueError("sizes and times are not negative")

    @property
    def owner(self) -> ClientId:
        """Whose record it is: the consumer on the client side, the service's client on the server side."""
        return self.client if self.side is Side.CLIENT else self.service.client

    @property
    def signature_hash(self) -> Digest:
        """SHA-512 of the signature XML's bytes: the leaf that is timestamped. Source: message-path s.5.1."""
        return _signature_hash(self.signature)

    def with_body(self, body: bytes | None) -> LogRecord:
        """The same record with its body, as read from beside the encoded fields."""
        return msgspec.structs.replace(self, body=body)


_signature_hash = lru_cache(maxsize=4)(DigestAlgorithm.SHA512.digest)
"""The messages of a batch share one signature, and lie together."""


class _Fields(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """Field order of version 2; a new field is a new version."""

    message_id: str
    x_request_id: str | None
    time_ms: int
    side: str
    is_response: bool
    is_rest: bool
    client: tuple[str, str, str, str | None]
    service_client: tuple[str, str, str, str | None]
    service_code: str
    service_version: str | None
    user_id: str | None
    issue: str | None
    message: bytes
    signature_hash: bytes
    hash_chain: bytes | None
    body_size: int
    body_digest_algorithm: str | None
    body_digest: bytes | None
    body_state: str


class _Evidence(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    signature: bytes
    hash_chain_result: bytes | None


_ENCODER = msgspec.msgpack.Encoder()
_VERSION_BYTE = bytes((FIELDS_VERSION,))
_DECODER = msgspec.msgpack.Decoder(_Fields)
_EVIDENCE_DECODER = msgspec.msgpack.Decoder(_Evidence)


def encode_fields(record: LogRecord) -> bytes:
    """Encode everything but evidence and body."""
    client, service, digest = record.client, record.service, record.body_digest
    owner = service.client
    fields = (  # a tuple, because _Fields would be made only to be taken apart again; its order is _Fields'
        record.message_id,
        record.x_request_id,
        record.time_ms,
        record.side.value,
        record.is_response,
        record.is_rest,
        (client.instance, client.member_class, client.member_code, client.subsystem_code),
        (owner.instance, owner.member_class, owner.member_code, owner.subsystem_code),
        service.service_code,
        service.service_version,
        record.user_id,
        record.issue,
        record.message,
        record.signature_hash.value,
        record.hash_chain,
        record.body_size,
        None if digest is None else digest.algorithm.label,
        None if digest is None else digest.value,
        record.body_state.value,
    )
    return _VERSION_BYTE + _ENCODER.encode(fields)


def encode_evidence(record: LogRecord) -> bytes:
    """Encode what the messages of one batch share; theirs are the very same object while they are logged together."""
    return _evidence(record.signature, record.hash_chain_result)


@lru_cache(maxsize=16)
def _evidence(signature: bytes, hash_chain_result: bytes | None) -> bytes:
    return _ENCODER.encode((signature, hash_chain_result))


class Outline(NamedTuple):
    """What an index wants to know of a record; read many thousand times a second."""

    time_ms: int
    message_id: str
    x_request_id: str | None
    side: Side
    is_response: bool
    client: ClientId
    service_client: ClientId
    service_code: str
    service_version: str | None
    user_id: str | None
    issue: str | None
    signature_hash: Digest


def decode_record(fields: bytes | memoryview, evidence: bytes | memoryview) -> LogRecord:
    """Read what :func:`encode_fields` and :func:`encode_evidence` wrote; the body is None.

    Raises:
        RecordError: they cannot be read, or do not belong together.
    """
    return _decoded(fields, lambda read: _record(read, _EVIDENCE_DECODER.decode(evidence)))


def decode_outline(data: bytes | memoryview) -> Outline:
    """Read the outline of what :func:`encode_fields` wrote. Raises RecordError."""
    return _decoded(data, _outline)


def _decoded(data: bytes | memoryview, read: Callable[[_Fields], _T]) -> _T:
    if not data or data[0] != FIELDS_VERSION:
        raise RecordError("log record of an unknown version")
    try:
        return read(_DECODER.decode(data[1:]))
    except (msgspec.DecodeError, IdentifierError, TrustError, ValueError, TypeError) as exc:
        # The cause may quote field values, which are personal data: say only what kind of fault it was.
        raise RecordError(f"log record cannot be read ({type(exc).__name__})") from None


def _outline(fields: _Fields) -> Outline:
    return Outline(
        fields.time_ms,
        fields.message_id,
        fields.x_request_id,
        Side(fields.side),
        fields.is_response,
        _client(fields.client),
        _client(fields.service_client),
        fields.service_code,
        fields.service_version,
        fields.user_id,
        fields.issue,
        Digest(DigestAlgorithm.SHA512, fields.signature_hash),
    )


def _record(fields: _Fields, evidence: _Evidence) -> LogRecord:
    if _signature_hash(evidence.signature).value != fields.signature_hash:
        raise ValueError("the signature of another record")
    return LogRecord(
        message_id=fields.message_id,
        x_request_id=fields.x_request_id,
        time_ms=fields.time_ms,
        side=Side(fields.side),
        is_response=fields.is_response,
        is_rest=fields.is_rest,
        client=_client(fields.client),
        service=ServiceId(_client(fields.service_client), fields.service_code, fields.service_version),
        user_id=fields.user_id,
        issue=fields.issue,
        message=fields.message,
        signature=evidence.signature,
        hash_chain_result=evidence.hash_chain_result,
        hash_chain=fields.hash_chain,
        body_size=fields.body_size,
        body_digest=_digest(fields.body_digest_algorithm, fields.body_digest),
        body_state=BodyState(fields.body_state),
    )


@lru_cache(maxsize=1024)
def _client(parts: tuple[str, str, str, str | None]) -> ClientId:
    return ClientId(*parts)


def _digest(label: str | None, value: bytes | None) -> Digest | None:
    if label is None or value is None:
        return None
    return Digest(DigestAlgorithm.from_label(label), value)
