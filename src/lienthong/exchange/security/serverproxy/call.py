"""One message on its way through the provider's security server."""

from __future__ import annotations

from typing import Generic

import msgspec

from lienthong.exchange.messagelog.record import Side
from lienthong.exchange.security.bodies import Bodies
from lienthong.exchange.security.receiving import ReceivedMessage
from lienthong.exchange.security.records import Exchange, RequestT, body_policy
from lienthong.exchange.security.signer import SigningIdentity
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.serverconf.settings import Service
from lienthong.exchange.transport.http import HttpRequest
from lienthong.trust.algorithms import DigestAlgorithm


class ProviderCall(msgspec.Struct, Generic[RequestT], frozen=True, kw_only=True):
    """A request that came whole, from a server and a client that are who they say."""

    snapshot: Snapshot
    """The state it began with and ends with."""
    http: HttpRequest
    """The transport request that brought it."""
    request: RequestT
    """The request."""
    received: ReceivedMessage
    """Its parts: body or attachments, and the consumer's signature."""
    algorithm: DigestAlgorithm
    """``x-hash-algorithm`` of the request."""
    signer: SigningIdentity
    """Signs the answer."""
    bodies: Bodies
    """Spooled bodies, which end with the call."""

    @property
    def request_id(self) -> str:
        """``x-road-request-id`` of the transport request; empty where it has none."""
        return (self.http.header(b"x-road-request-id") or b"").decode("latin-1")

    @property
    def service(self) -> Service | None:
        """The service in the settings; None for metaservices."""
        return self.snapshot.settings.service(self.request.service)

    def exchange(self) -> Exchange[RequestT]:
        """What both log records have in common."""
        service = self.service
        return Exchange(
            side=Side.SERVER,
            request=self.request,
            request_id=self.request_id,
            policy=body_policy(self.snapshot.settings, service),
            gives_personal_data=service is not None and service.personal_data,
        )
