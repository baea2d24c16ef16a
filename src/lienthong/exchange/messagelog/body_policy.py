"""Whether the body of a message goes into the log. Source: message-path s.5.2."""

from __future__ import annotations

import msgspec

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.messagelog.record import BodyState, Side
from lienthong.exchange.serverconf.settings import Limits, LogSettings

DEFAULT_LIMIT = 10 * 1024 * 1024
MAX_LIMIT = 1024 * 1024 * 1024


class BodyPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of one security server about bodies in its log."""

    log_bodies: bool = True
    """Whether bodies are logged where no exception says otherwise."""
    local_exceptions: frozenset[ClientId] = frozenset()
    """Producer subsystems for which the opposite holds when this server is the provider's."""
    remote_exceptions: frozenset[ClientId] = frozenset()
    """The same when this server is the consumer's."""
    withhold_personal_data: bool = True
    """Withhold bodies of services marked as giving personal data, whatever the rest says."""
    max_bytes: int = DEFAULT_LIMIT
    """Largest loggable body, 0 … 1 GiB."""
    may_truncate: bool = False
    """Keep the first ``max_bytes`` of a larger body instead of refusing the message."""

    def __post_init__(self) -> None:
        if not 0 <= self.max_bytes <= MAX_LIMIT:
            raise ValueError(f"max_bytes is 0 … {MAX_LIMIT}")

    @classmethod
    def of(cls, log: LogSettings, limits: Limits) -> BodyPolicy:
        """What the settings of a security server say."""
        return cls(
            log_bodies=log.body_logging,
            local_exceptions=log.local_exceptions,
            remote_exceptions=log.remote_exceptions,
            withhold_personal_data=log.withhold_personal_data,
            max_bytes=limits.loggable_body_bytes,
            may_truncate=limits.truncated_body_allowed,
        )


class BodyDecision(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What to keep of a body."""

    state: BodyState
    kept_bytes: int
    """How many bytes, from the first, are stored."""


def decide_body(
    policy: BodyPolicy,
    *,
    producer: ClientId,
    side: Side,
    gives_personal_data: bool,
    size: int,
    service_setting: bool | None = None,
) -> BodyDecision:
    """Decide what is kept of a body of *size* bytes.

    Args:
        service_setting: What the settings of the service say; None where they say nothing.
    Raises:
        Fault: ``logging_failed``, the body is over the limit and may not be truncated.
    """
    if not logs_bodies(
        policy,
        producer=producer,
        side=side,
        gives_personal_data=gives_personal_data,
        service_setting=service_setting,
    ):
        return BodyDecision(state=BodyState.WITHHELD, kept_bytes=0)
    if size == 0:
        return BodyDecision(state=BodyState.NONE, kept_bytes=0)
    if size <= policy.max_bytes:
        return BodyDecision(state=BodyState.STORED, kept_bytes=size)
    if policy.may_truncate:
        return BodyDecision(state=BodyState.TRUNCATED, kept_bytes=policy.max_bytes)
    raise Fault(
        "logging_failed",
        f"The message body of {size} bytes is larger than the message log takes ({policy.max_bytes}): "
        "raise max_bytes or let bodies be truncated.",
    )


def logs_bodies(
    policy: BodyPolicy,
    *,
    producer: ClientId,
    side: Side,
    gives_personal_data: bool,
    service_setting: bool | None = None,
) -> bool:
    """Whether bodies exchanged with *producer* are logged at all, known before the body arrives."""
    if gives_personal_data and policy.withhold_personal_data:
        return False
    if service_setting is not None:
        return service_setting
    exceptions = policy.local_exceptions if side is Side.SERVER else policy.remote_exceptions
    return policy.log_bodies != (producer in exceptions)
