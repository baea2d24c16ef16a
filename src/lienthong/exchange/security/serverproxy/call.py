"""One message on its way through the provider's security server."""

from __future__ import annotations

import msgspec

from lienthong.exchange.message.request_hash import request_hash
from lienthong.exchange.message.rest import RestRequest
from lienthong.exchange.message.signing import SignedMessage
from lienthong.exchange.messagelog.record import Side
from lienthong.exchange.security.bodies import Bodies
from lienthong.exchange.security.ports import SpooledBody
from lienthong.exchange.security.records import Exchange, body_policy
from lienthong.exchange.security.signer import SigningIdentity
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.serverconf.settings import Service
from lienthong.trust.algorithms import DigestAlgorithm


class ProviderCall(msgspec.Struct, frozen=True, kw_only=True):
    """A request that came whole, from a server and a client that are who they say."""

    snapshot: Snapshot
    """The state it began with and ends with."""
    request: RestRequest
    """The REST request."""
    request_id: str
    """``x-road-request-id`` of the transport request."""
    body: SpooledBody | None
    """The request's body; None when its part was absent."""
    signed: SignedMessage
    """The consumer's signature with its hash chain."""
    algorithm: DigestAlgorithm
    """``x-hash-algorithm`` of the request."""
    signer: SigningIdentity
    """Signs the answer."""
    bodies: Bodies
    """Spooled bodies, which end with the call."""

    @property
    def service(self) -> Service | None:
        """The service in the settings; None for metaservices."""
        return self.snapshot.settings.service(self.request.service)

    @property
    def request_hash(self) -> str:
        """The hash that binds the answer to the request. Source: message-path s.2.4."""
        body_hash = None if self.body is None else self.body.digest(DigestAlgorithm.SHA512).value
        return request_hash(self.request.block, body_hash)

    def exchange(self) -> Exchange:
        """What both log records have in common."""
        service = self.service
        return Exchange(
            side=Side.SERVER,
            request=self.request,
            request_id=self.request_id,
            policy=body_policy(self.snapshot.settings, service),
            gives_personal_data=service is not None and service.personal_data,
        )
