"""Explain from outside: a stranger with nothing but an anchor, in front of any X-Road 7 server.

Source: governance dossier s.1.3, s.1.6; message-path dossier s.3.2, s.3.3, s.3.10.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from lienthong.exchange.adapters.globalconf_download import Downloader, DownloadSettings, open_session
from lienthong.exchange.errors import SERVER_PROXY, SERVICE_FAILED, Fault
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.globalconf.anchor import anchor_fingerprint, read_anchor
from lienthong.exchange.globalconf.candidates import Location, candidate_locations
from lienthong.exchange.globalconf.model import ConfigurationAnchor
from lienthong.exchange.globalconf.refresh import assemble, configuration_from, plan_refresh
from lienthong.exchange.identifiers import ClientId, short_form
from lienthong.exchange.security.explain.own import judge_expiry
from lienthong.exchange.security.explain.peer import judge_peers, no_peers
from lienthong.exchange.security.explain.probes import Dial, probe_all
from lienthong.exchange.security.explain.provider import (
    candidates,
    judge_maintenance,
    judge_provider,
    strangers_steps,
)
from lienthong.exchange.security.explain.verdicts import (
    Explanation,
    Question,
    Step,
    Verdict,
    passes,
    refuses,
    unknown,
    untried,
)

_OWN_STEPS = (Step.CLIENT, Step.CONNECTION, Step.AUTHENTICATION, Step.TIMESTAMPING, Step.SIGNER)
"""What only the consumer's own server knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fetched:
    globalconf: GlobalConfSet | None
    problem: Fault | None = None


async def explain_outside(anchor_file: bytes, question: Question, dial: Dial) -> Explanation:
    """What can be known from an anchor alone; it is believed as it is, so compare its fingerprint first.

    Raises:
        Fault: the anchor cannot be read.
    """
    anchor = read_anchor(anchor_file)
    fetched = await _fetch(anchor, dial)
    conf = fetched.globalconf
    own = [unknown(step, "outside.own") for step in _OWN_STEPS]
    if conf is None:
        middle: list[Verdict] = [_no_configuration(fetched.problem, anchor), untried(Step.PROVIDER)]
        middle.append(untried(Step.MAINTENANCE))
        peers = no_peers()
    else:
        middle = [judge_expiry(conf, dial.clock()), judge_provider(conf, question), judge_maintenance(conf, question)]
        addresses = tuple(address for _, address in candidates(conf, question))
        peers = judge_peers(conf, question.service.client, await probe_all(addresses, dial))
        peers = (*peers, _judge_consumer(conf, question.client))
    return Explanation(question=question, verdicts=(*own[:2], *middle, *own[2:], *peers, *strangers_steps()))


def fingerprint(anchor_file: bytes) -> str:
    """What people compare before they believe an anchor."""
    return anchor_fingerprint(anchor_file)


def _no_configuration(problem: Fault | None, anchor: ConfigurationAnchor) -> Verdict:
    detail = "" if problem is None else f"{problem.message} ({problem.code})"
    return refuses(Step.CONFIGURATION, "configuration.unfetched", "", instance=anchor.instance, detail=detail)


def _judge_consumer(conf: GlobalConfSet, client: ClientId) -> Verdict:
    """Does any registered server speak for the client?"""
    code = f"{SERVER_PROXY}.{SERVICE_FAILED}.ssl_authentication_failed"
    if client.instance not in conf.instances:
        return unknown(Step.REGISTRATION, "registration.instance", instance=client.instance)
    servers = conf.addresses_of(client)
    if not servers:
        return refuses(Step.REGISTRATION, "registration.nowhere", code, client=short_form(client))
    names = ", ".join(short_form(server) for server, _ in servers)
    return passes(Step.REGISTRATION, "registration.somewhere", client=short_form(client), servers=names)


async def _fetch(anchor: ConfigurationAnchor, dial: Dial) -> _Fetched:
    settings = DownloadSettings()
    problem: Fault | None = None
    async with open_session(settings) as session:
        downloader = Downloader(session, settings)
        try:
            locations = candidate_locations(anchor, stored=None, last_url=None, shuffle=_as_written)
        except Fault as fault:
            return _Fetched(globalconf=None, problem=fault)
        for location in locations:
            try:
                url, directory = await downloader.directory(location, dial.clock())
                plan = plan_refresh(directory, anchor.instance, {}, shared_only=True)
                files = {name: await downloader.part(url, part) for name, part in plan.download.items()}
                parts = await asyncio.to_thread(assemble, directory, anchor.instance, files)
                conf = configuration_from(parts)
            except Fault as fault:
                problem = fault
                continue
            return _Fetched(globalconf=GlobalConfSet.of(anchor.instance, [conf]))
    return _Fetched(globalconf=None, problem=problem)


def _as_written(locations: Sequence[Location]) -> Sequence[Location]:
    return locations
