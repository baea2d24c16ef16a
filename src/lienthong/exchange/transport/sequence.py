"""The order of parts in a transport message, as a table.

At each place a part that does not fit is tried at the next; where none fits, the place that is obligatory refuses it.
Source: PR-MESSTRANSP s.3; message-path dossier s.3.6.
"""

from __future__ import annotations

from enum import Enum

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.media_types import media_type
from lienthong.exchange.transport.content import (
    HASH_CHAIN_RESULT_TYPE,
    HASH_CHAIN_TYPE,
    OCSP_RESPONSE_TYPE,
    REST_BODY_TYPE,
    REST_REQUEST_TYPE,
    REST_RESPONSE_TYPE,
    SIGNATURE_TYPE,
    XOP_MEDIA_TYPE,
)


class Direction(Enum):
    """Which way a message goes."""

    REQUEST = "request"
    RESPONSE = "response"


class PartKind(Enum):
    """What a part is, by its place and type."""

    __hash__ = object.__hash__  # members are singletons; Enum would hash names, in Python, for every part

    OCSP_RESPONSE = "OCSP response"
    REST_MESSAGE = "REST header block"
    SOAP_MESSAGE = "SOAP envelope"
    """Or, in a response, a SOAP fault in its place: only its content tells."""
    REST_BODY = "REST body"
    ATTACHMENTS = "attachments"
    HASH_CHAIN_RESULT = "hash chain result"
    HASH_CHAIN = "hash chain"
    SIGNATURE = "signature"
    FAULT = "fault in place of the signature"


class Place(Enum):
    """What may come next."""

    __hash__ = object.__hash__

    OCSP = "OCSP"
    MESSAGE = "MESSAGE"
    REST_BODY = "REST_BODY"
    ATTACHMENTS = "ATTACHMENTS"
    HASH_CHAIN_RESULT = "HASH_CHAIN_RESULT"
    HASH_CHAIN = "HASH_CHAIN"
    SIGNATURE = "SIGNATURE"
    END = "END"


_TABLE: dict[tuple[Place, str], tuple[PartKind, Place]] = {
    (Place.OCSP, OCSP_RESPONSE_TYPE): (PartKind.OCSP_RESPONSE, Place.OCSP),
    (Place.MESSAGE, REST_REQUEST_TYPE): (PartKind.REST_MESSAGE, Place.REST_BODY),
    (Place.MESSAGE, REST_RESPONSE_TYPE): (PartKind.REST_MESSAGE, Place.REST_BODY),
    (Place.MESSAGE, "text/xml"): (PartKind.SOAP_MESSAGE, Place.ATTACHMENTS),
    (Place.MESSAGE, XOP_MEDIA_TYPE): (PartKind.SOAP_MESSAGE, Place.ATTACHMENTS),
    (Place.REST_BODY, REST_BODY_TYPE): (PartKind.REST_BODY, Place.HASH_CHAIN_RESULT),
    (Place.ATTACHMENTS, "multipart/mixed"): (PartKind.ATTACHMENTS, Place.HASH_CHAIN_RESULT),
    (Place.HASH_CHAIN_RESULT, HASH_CHAIN_RESULT_TYPE): (PartKind.HASH_CHAIN_RESULT, Place.HASH_CHAIN),
    (Place.HASH_CHAIN, HASH_CHAIN_TYPE): (PartKind.HASH_CHAIN, Place.SIGNATURE),
    (Place.SIGNATURE, SIGNATURE_TYPE): (PartKind.SIGNATURE, Place.END),
    (Place.SIGNATURE, "text/xml"): (PartKind.FAULT, Place.END),
}
"""Place and media type of a part to what it is and what may follow."""

_NEXT: dict[Place, Place] = {
    Place.OCSP: Place.MESSAGE,
    Place.REST_BODY: Place.HASH_CHAIN_RESULT,
    Place.ATTACHMENTS: Place.HASH_CHAIN_RESULT,
    Place.HASH_CHAIN_RESULT: Place.HASH_CHAIN,
    Place.HASH_CHAIN: Place.SIGNATURE,
}
"""Where a part is tried that does not fit at an optional place."""

_REFUSALS: dict[Place, tuple[str, str]] = {
    Place.MESSAGE: ("invalid_content_type", "Invalid content type for SOAP message: {}"),
    Place.SIGNATURE: ("invalid_content_type", "Received invalid content type instead of signature: {}"),
    Place.END: ("invalid_message", "Extra content in message: {}"),
}


def _reachable(place: Place) -> dict[str, tuple[PartKind, Place]]:
    """What may come at *place* by media type, the places after it included."""
    own = {base: found for (at, base), found in _TABLE.items() if at is place}
    return {**_reachable(_NEXT[place]), **own} if place in _NEXT else own


def _refusing(place: Place) -> Place:
    """The obligatory place that refuses what fits nowhere from *place* on."""
    return _refusing(_NEXT[place]) if place in _NEXT else place


_REACHABLE = {place: _reachable(place) for place in Place}
_START = {Direction.REQUEST: Place.OCSP, Direction.RESPONSE: Place.MESSAGE}
_FOREIGN_TYPE = {Direction.REQUEST: REST_RESPONSE_TYPE, Direction.RESPONSE: REST_REQUEST_TYPE}
"""The REST message type of the other direction, which fits nowhere."""


def check_ocsp_part(content: bytes) -> None:
    """Refuse an OCSP part that is not even one DER SEQUENCE; who judges its answer reads the rest.

    Raises:
        Fault: ``io_error``.
    Source: message-path dossier s.3.6, s.9.4; X.690 s.8.1.
    """
    if content[:1] == b"\x30" and _sequence_end(content) == len(content):
        return
    raise Fault("io_error", "An OCSP response part is no DER SEQUENCE")


def _sequence_end(content: bytes) -> int:
    """Where the first element ends by its own length, or -1."""
    first = content[1] if len(content) > 1 else 0x80
    if first < 0x80:
        return 2 + first
    octets = first & 0x7F
    if not 1 <= octets <= 4 or len(content) < 2 + octets:
        return -1
    return 2 + octets + int.from_bytes(content[2 : 2 + octets], "big")


class PartSequence:
    """Says what each part of a message is, and refuses one out of order."""

    __slots__ = ("_direction", "_foreign_type", "_place", "_seen")

    def __init__(self, direction: Direction) -> None:
        self._place = _START[direction]
        self._direction = direction
        self._foreign_type = _FOREIGN_TYPE[direction]
        self._seen: set[PartKind] = set()

    def accept(self, content_type: str) -> PartKind:
        """What the next part is, by its Content-Type.

        Raises:
            Fault: ``invalid_content_type`` or, after the signature or a fault, ``invalid_message``.
        """
        base = media_type(content_type)
        found = _REACHABLE[self._place].get(base)
        if found is None or base == self._foreign_type:
            code, text = _REFUSALS[_refusing(self._place)]
            raise Fault(code, text.format(content_type))
        kind, self._place = found
        self._seen.add(kind)
        return kind

    def end_with_fault(self) -> None:
        """The part just accepted as message is a SOAP fault: no message, and in a response nothing follows."""
        if self._direction is Direction.RESPONSE:
            self._place = Place.END
        self._seen.discard(PartKind.SOAP_MESSAGE)
        self._seen.add(PartKind.FAULT)

    def finish(self, *, is_rest: bool) -> None:
        """The message is over: everything obligatory must have come.

        A response that ended with a fault is not to be finished; a request that did lacks its signature.

        Raises:
            Fault: ``missing_rest``, ``missing_soap``, ``missing_signature``; ``invalid_message`` when only one of hash
                chain and hash chain result came.
        """
        wanted = PartKind.REST_MESSAGE if is_rest else PartKind.SOAP_MESSAGE
        if wanted not in self._seen:
            code = "missing_rest" if is_rest else "missing_soap"
            raise Fault(code, f"Message does not contain a {wanted.value}")
        if PartKind.SIGNATURE not in self._seen:
            raise Fault("missing_signature", "Message does not have signature")
        if len(self._seen & {PartKind.HASH_CHAIN, PartKind.HASH_CHAIN_RESULT}) == 1:
            raise Fault("invalid_message", "A hash chain and its result come together or not at all")
