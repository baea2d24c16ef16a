"""One call on its way through the consumer's security server."""

from __future__ import annotations

import msgspec

from lienthong.exchange.message.rest import RestRequest
from lienthong.exchange.security.bodies import Bodies
from lienthong.exchange.security.ports import SpooledBody
from lienthong.exchange.security.records import Exchange
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.transport.http import HttpRequest


class ConsumerCall(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a call once its request has come."""

    snapshot: Snapshot
    """The state it began with and ends with."""
    http: HttpRequest
    """As the information system sent it."""
    exchange: Exchange
    """What its log records have in common."""
    body: SpooledBody | None
    """The request's body; None when it had not one byte."""
    bodies: Bodies
    """Spooled bodies, which end with the call."""

    @property
    def request(self) -> RestRequest:
        """The REST request."""
        return self.exchange.request
