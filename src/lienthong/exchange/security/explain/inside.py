"""Explain from inside: what our own server's data folder, its network and the provider's servers tell.

Source: message-path dossier s.3.2, s.3.3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from lienthong.exchange.adapters.globalconf_folder import GlobalConfFolder
from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.security.assembly import assemble
from lienthong.exchange.security.channel import ChannelError
from lienthong.exchange.security.explain.facts import OwnFacts, RunningFacts
from lienthong.exchange.security.explain.own import judge_own_keys, judge_own_side, judge_registration
from lienthong.exchange.security.explain.peer import judge_peers, no_peers
from lienthong.exchange.security.explain.probes import Dial, probe_all
from lienthong.exchange.security.explain.provider import (
    candidates,
    judge_maintenance,
    judge_provider,
    judge_provider_side,
)
from lienthong.exchange.security.explain.verdicts import Explanation, Question, Step, Verdict, untried
from lienthong.exchange.security.listeners import client_context
from lienthong.exchange.security.material import read_material, read_settings
from lienthong.exchange.security.orders import give_order
from lienthong.exchange.security.paths import DataPaths
from lienthong.trust.errors import TrustError


async def explain_inside(paths: DataPaths, question: Question, *, clock: Callable[[], datetime]) -> Explanation:
    """What would refuse a message that leaves by the server of *paths*.

    Raises:
        ConfigurationError: the folder's settings cannot be read.
    """
    facts = await gather_own(paths, clock=clock)
    verdicts: list[Verdict] = [*judge_own_side(facts, question)]
    if facts.globalconf is None:
        verdicts += [untried(Step.PROVIDER), untried(Step.MAINTENANCE)]
    else:
        verdicts += [judge_provider(facts.globalconf, question), judge_maintenance(facts.globalconf, question)]
    verdicts += judge_own_keys(facts, question)
    verdicts += await _ask_peers(facts, question, clock)
    verdicts += [judge_registration(facts, question.client), *judge_provider_side(facts, question)]
    return Explanation(question=question, verdicts=tuple(verdicts))


async def gather_own(paths: DataPaths, *, clock: Callable[[], datetime]) -> OwnFacts:
    """Read the folder, and ask the server that runs on it, if one does; raises ConfigurationError."""
    settings = read_settings(paths)
    facts = OwnFacts(now=clock(), settings=settings, running=await _ask_running(paths))
    folder = GlobalConfFolder(paths.globalconf)
    try:
        facts = replace(facts, globalconf=folder.load())
    except ExchangeError as exc:
        return replace(facts, globalconf_problem=str(exc))
    try:
        return replace(facts, snapshot=assemble(read_material(settings, folder), now=facts.now))
    except (ExchangeError, TrustError) as exc:
        return replace(facts, snapshot_problem=str(exc))


async def _ask_running(paths: DataPaths) -> RunningFacts | None:
    try:
        told = (await give_order(paths.control, "status")).facts
    except ChannelError:
        return None
    return read_running(told)


def read_running(told: dict[str, str]) -> RunningFacts:
    """What ``security status`` tells, as facts; see :mod:`lienthong.exchange.security.status.summary`."""
    return RunningFacts(
        workers=int(told.get("workers", "0")),
        has_tsa=told.get("timestamp_has_tsa", "yes") == "yes",
        last_timestamp=_instant(told.get("timestamp_last_success", "")),
        failing_since=_instant(told.get("timestamp_failing_since", "")),
    )


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None


async def _ask_peers(facts: OwnFacts, question: Question, clock: Callable[[], datetime]) -> tuple[Verdict, ...]:
    if facts.globalconf is None:
        return no_peers()
    addresses = tuple(address for _, address in candidates(facts.globalconf, question))
    ports = facts.settings.ports
    context = None if facts.snapshot is None else client_context(facts.snapshot)
    dial = Dial(port=ports.dial_port, ocsp_port=ports.dial_ocsp_port, context=context, clock=clock)
    return judge_peers(facts.globalconf, question.service.client, await probe_all(addresses, dial))
