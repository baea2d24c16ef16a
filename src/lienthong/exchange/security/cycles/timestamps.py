"""Timestamps what the log holds unstamped, in batches. Source: message-path dossier s.5.4; governance dossier s.5.4."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.messagelog.entries import LogEntry, MessageIndex, StoredTimestamp
from lienthong.exchange.messagelog.timestamping import RECORDS_LIMIT, TimestampPlan, plan_batch, plan_single
from lienthong.trust.algorithms import PRODUCTION, DigestAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import TrustError
from lienthong.trust.timestamps import build_query, judge_token, read_reply, with_certificate
from lienthong.trust.xades import parse_signature

AskAuthority = Callable[[str, bytes], Awaitable[bytes]]
"""POST a timestamp query (DER) to a URL; the reply DER; raises ExchangeError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampState:
    """How timestamping stands; the log's gate is asked with it."""

    last_success: datetime | None = None
    failing_since: datetime | None = None
    """None while the last attempt succeeded."""
    problem: str = ""
    """Why the last attempt failed, in English."""
    has_tsa: bool = True
    """Whether an approved timestamping authority is configured."""

    def succeeded(self, now: datetime) -> TimestampState:
        """After an attempt that gave a token, or that had nothing to stamp."""
        return replace(self, last_success=now, failing_since=None, problem="")

    def failed(self, now: datetime, problem: str) -> TimestampState:
        """After an attempt in which no authority gave a token."""
        return replace(self, failing_since=self.failing_since or now, problem=problem)


class TimestampError(ExchangeError):
    """No authority gave a valid token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorities:
    """Who may stamp."""

    urls: Sequence[str]
    """Tried in order."""
    certificates: Sequence[Certificate]
    """Approved in the global configuration."""


async def stamp_pending(
    index: MessageIndex, authorities: Authorities, ask: AskAuthority, *, limit: int = RECORDS_LIMIT
) -> int:
    """Stamp one batch of what waits; how many records it covered. The index is asked in a thread: it may be far away.

    Raises:
        TimestampError: no authority gave a valid token.
        JournalError: the log cannot be read or written.
    """
    pending = await asyncio.to_thread(index.pending, limit=limit)
    if not pending:
        return 0
    if len(pending) == 1:
        plan = plan_single(pending[0].number, await asyncio.to_thread(_signature_value, index, pending[0].number))
    else:
        plan = plan_batch(pending)
    token, gen_time = await obtain_token(plan.data, authorities, ask)
    await asyncio.to_thread(index.store_timestamp, _stored(plan, token, gen_time), plan.hash_chains)
    return len(pending)


async def obtain_token(data: bytes, authorities: Authorities, ask: AskAuthority) -> tuple[bytes, datetime]:
    """A valid token over *data* with its authority's certificate inside, and its time; raises TimestampError."""
    query = build_query(DigestAlgorithm.SHA512.digest(data))
    problems = []
    for url in authorities.urls:
        try:
            token = read_reply(await ask(url, query), query=query)
            verdict = judge_token(token, data=data, authorities=authorities.certificates, policy=PRODUCTION)
        except (ExchangeError, TrustError) as exc:
            problems.append(f"{url}: {exc}")
            continue
        if verdict.fault_code is None and verdict.gen_time is not None and verdict.authority is not None:
            return with_certificate(token, verdict.authority), verdict.gen_time
        problems.append(f"{url}: {verdict.detail}")
    raise TimestampError("; ".join(problems) or "no timestamping authority is configured")


def _signature_value(index: MessageIndex, number: int) -> bytes:
    entry: LogEntry | None = index.entry(number)
    if entry is None:
        raise TimestampError(f"record {number} has left the log")
    return parse_signature(index.read(entry).signature).signature_value


def _stored(plan: TimestampPlan, token: bytes, gen_time: datetime) -> StoredTimestamp:
    return StoredTimestamp(
        token=token, hash_chain_result=plan.hash_chain_result, gen_time_ms=int(gen_time.timestamp() * 1000)
    )
