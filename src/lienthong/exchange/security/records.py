"""The log records of an exchange, on both sides. Source: message-path dossier s.5.1, s.5.2."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from lienthong.exchange.message.rest import RestRequest, RestResponse
from lienthong.exchange.message.signing import SignedMessage
from lienthong.exchange.message.soap import SoapMessage, emptied
from lienthong.exchange.messagelog.body_policy import BodyDecision, BodyPolicy, decide_body
from lienthong.exchange.messagelog.record import BodyState, LogRecord, Side
from lienthong.exchange.security.ports import SpooledBody
from lienthong.exchange.serverconf.settings import Service, Settings
from lienthong.trust.algorithms import Digest, DigestAlgorithm

KEPT_IN_MEMORY = 1024 * 1024
"""A longer body is streamed into the log from where it is spooled."""
_KEEPING = frozenset({BodyState.STORED, BodyState.TRUNCATED})


RequestT = TypeVar("RequestT", bound=RestRequest | SoapMessage)


class Exchange(msgspec.Struct, Generic[RequestT], frozen=True, kw_only=True):
    """What both records of one exchange at one server have in common."""

    side: Side
    request: RequestT
    request_id: str
    """``x-road-request-id``."""
    policy: BodyPolicy
    gives_personal_data: bool
    """Whether the service is marked so here; only the provider's server can know."""


def body_policy(settings: Settings, service: Service | None = None) -> BodyPolicy:
    """What the settings say about bodies; a service of ours may say otherwise for itself."""
    log, own = settings.log, None if service is None else service.log_body
    return BodyPolicy(
        log_bodies=log.body_logging if own is None else own,
        local_exceptions=log.local_exceptions if own is None else frozenset(),
        remote_exceptions=log.remote_exceptions,
        withhold_personal_data=own is not True,
        max_bytes=settings.limits.loggable_body_bytes,
        may_truncate=settings.limits.truncated_body_allowed,
    )


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What the log keeps of one message."""

    message: bytes
    body: SpooledBody | None = None
    """Of this body, ``kept_bytes``."""
    kept_bytes: int = 0
    body_size: int = 0
    body_digest: Digest | None = None
    body_state: BodyState = BodyState.NONE


async def make_record(
    exchange: Exchange[RequestT],
    *,
    is_response: bool,
    message: RestRequest | RestResponse | SoapMessage,
    body: SpooledBody | None,
    signed: SignedMessage,
    now: datetime,
) -> tuple[LogRecord, SpooledBody | None]:
    """A record, and the spooled body that goes with it when it is too long to be held in memory.

    Args:
        message: The request or the response.
        body: Of a REST message.
    Raises:
        Fault: ``logging_failed`` when the body is longer than the log takes.
    """
    kept = _keep_soap(exchange, message) if isinstance(message, SoapMessage) else _keep_rest(exchange, message, body)
    in_memory = 0 < kept.kept_bytes == kept.body_size <= KEPT_IN_MEMORY
    request = exchange.request
    record = LogRecord(
        message_id=request.message_id,
        x_request_id=exchange.request_id,
        time_ms=int(now.timestamp() * 1000),
        side=exchange.side,
        is_response=is_response,
        is_rest=not isinstance(message, SoapMessage),
        client=request.client,
        service=request.service,
        user_id=request.user_id,
        issue=request.issue,
        message=kept.message,
        signature=signed.signature_xml,
        hash_chain_result=signed.hash_chain_result,
        hash_chain=signed.hash_chain,
        body=await kept.body.read_small(KEPT_IN_MEMORY) if kept.body is not None and in_memory else None,
        body_size=kept.body_size,
        body_digest=kept.body_digest,
        body_state=kept.body_state,
    )
    return record, kept.body if kept.kept_bytes and not in_memory else None


def _keep_rest(exchange: Exchange[RequestT], message: RestRequest | RestResponse, body: SpooledBody | None) -> _Kept:
    decision = _decide(exchange, 0 if body is None else body.size_bytes)
    if body is None:
        return _Kept(message=message.block)
    return _Kept(
        message=message.block,
        body=body,
        kept_bytes=decision.kept_bytes if decision.state in _KEEPING else 0,
        body_size=body.size_bytes,
        body_digest=body.digest(DigestAlgorithm.SHA512),
        body_state=decision.state,
    )


def _keep_soap(exchange: Exchange[RequestT], message: SoapMessage) -> _Kept:
    """The envelope, or where its body is not logged, or too long to be logged whole, only its headers.

    Of attachments nothing is kept: their digests in the hash chain are the evidence. Source: message-path s.5.2.
    """
    size = len(message.envelope)
    if _decide(exchange, size).state is BodyState.STORED:
        return _Kept(message=message.envelope)
    return _Kept(
        message=emptied(message),
        body_size=size,
        body_digest=DigestAlgorithm.SHA512.digest(message.envelope),
        body_state=BodyState.WITHHELD,
    )


def _decide(exchange: Exchange[RequestT], size: int) -> BodyDecision:
    return decide_body(
        exchange.policy,
        producer=exchange.request.service.client,
        side=exchange.side,
        gives_personal_data=exchange.gives_personal_data,
        size=size,
    )
