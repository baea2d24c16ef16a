"""The log records of a REST exchange, on both sides. Source: message-path dossier s.5.1, s.5.2."""

from __future__ import annotations

from datetime import datetime

import msgspec

from lienthong.exchange.message.rest import RestRequest
from lienthong.exchange.message.signing import SignedMessage
from lienthong.exchange.messagelog.body_policy import BodyPolicy, decide_body
from lienthong.exchange.messagelog.record import BodyState, LogRecord, Side
from lienthong.exchange.security.ports import SpooledBody
from lienthong.exchange.serverconf.settings import Service, Settings
from lienthong.trust.algorithms import DigestAlgorithm

KEPT_IN_MEMORY = 1024 * 1024
"""A longer body is streamed into the log from where it is spooled."""


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """What both records of one exchange at one server have in common."""

    side: Side
    request: RestRequest
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


async def make_record(
    exchange: Exchange,
    *,
    is_response: bool,
    block: bytes,
    body: SpooledBody | None,
    signed: SignedMessage,
    now: datetime,
) -> tuple[LogRecord, SpooledBody | None]:
    """A record, and the spooled body that goes with it when it is too long to be held in memory.

    Raises:
        Fault: ``logging_failed`` when the body is longer than the log takes.
    """
    request = exchange.request
    size = 0 if body is None else body.size_bytes
    decision = decide_body(
        exchange.policy,
        producer=request.service.client,
        side=exchange.side,
        gives_personal_data=exchange.gives_personal_data,
        size=size,
    )
    state = BodyState.NONE if body is None else decision.state
    kept = decision.kept_bytes if state in {BodyState.STORED, BodyState.TRUNCATED} else 0
    in_memory = body is not None and 0 < kept == size <= KEPT_IN_MEMORY
    record = LogRecord(
        message_id=request.message_id,
        x_request_id=exchange.request_id,
        time_ms=int(now.timestamp() * 1000),
        side=exchange.side,
        is_response=is_response,
        is_rest=True,
        client=request.client,
        service=request.service,
        user_id=request.user_id,
        issue=request.issue,
        message=block,
        signature=signed.signature_xml,
        hash_chain_result=signed.hash_chain_result,
        hash_chain=signed.hash_chain,
        body=await body.read_small(KEPT_IN_MEMORY) if body is not None and in_memory else None,
        body_size=size,
        body_digest=None if body is None else body.digest(DigestAlgorithm.SHA512),
        body_state=state,
    )
    return record, None if in_memory or not kept else body
