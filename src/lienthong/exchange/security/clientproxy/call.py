"""One call on its way through the consumer's security server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic

import msgspec

from lienthong.exchange.identifiers import ClientId, ServiceId
from lienthong.exchange.security.attachments import Attachment, signed_bodies
from lienthong.exchange.security.bodies import Bodies
from lienthong.exchange.security.ports import SpooledBody
from lienthong.exchange.security.records import Exchange, RequestT
from lienthong.exchange.security.snapshot import AuthenticationIdentity, Snapshot
from lienthong.exchange.transport.http import HttpRequest
from lienthong.exchange.transport.writer import Part


class Arrival(msgspec.Struct, kw_only=True):
    """A request that came from an information system, and what is understood of it so far."""

    http: HttpRequest
    """As the information system sent it."""
    bodies: Bodies
    """Spooled bodies, which end with the call."""
    client: str | ClientId = ""
    """Who asks, for those who must know what was refused."""
    service: str | ServiceId = ""
    """What is asked."""


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """Where a message may go, and as whom."""

    addresses: tuple[str, ...]
    """Of the security servers that may answer."""
    identity: AuthenticationIdentity
    """What ours shows to them."""


class ConsumerCall(msgspec.Struct, Generic[RequestT], frozen=True, kw_only=True):
    """What is known of a call once its request has come."""

    snapshot: Snapshot
    """The state it began with and ends with."""
    http: HttpRequest
    """As the information system sent it."""
    exchange: Exchange[RequestT]
    """What its log records have in common."""
    message: Part
    """Header block or envelope, as it goes to the other server."""
    body: SpooledBody | None = None
    """The body of a REST request; None when it had not one byte."""
    attachments: tuple[Attachment, ...] = ()
    """Of a SOAP request."""
    bodies: Bodies
    """Spooled bodies, which end with the call."""

    @property
    def request(self) -> RequestT:
        """The request."""
        return self.exchange.request

    @property
    def signed_bodies(self) -> Sequence[SpooledBody]:
        """What is signed beside the message, in the order of its numbers."""
        return signed_bodies(self.body, self.attachments)
