"""Gathers how the server stands: from the control process at every question, from the disk now and then.

Opening keys and judging certificates costs time, so what the folder says is kept until a cycle has had a turn, and for
ten seconds at most; whether it still holds at this moment is judged anew each time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol

from lienthong.exchange.adapters.globalconf_folder import GlobalConfFolder
from lienthong.exchange.errors import ConfigurationError, ExchangeError
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.security.assembly import Material, OwnKey, assemble, sha1_of
from lienthong.exchange.security.control import Control
from lienthong.exchange.security.material import certificate_of, read_material, token_store
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.security.status.facts import CycleFacts, DiskFacts, KeyFacts, ServerFacts, Use
from lienthong.exchange.serverconf.settings import Settings
from lienthong.trust.errors import TrustError
from lienthong.trust.ocsp import parse_response

KEPT = timedelta(seconds=10)
_NO_KEYS = "keys or certificates cannot be read"


class Watched(Protocol):
    """The control process as it is looked at."""

    paths: DataPaths
    settings: Settings
    control: Control | None


class Watch:
    """Looks at one control process."""

    def __init__(self, process: Watched) -> None:
        self._process = process
        self._folder = GlobalConfFolder(process.paths.globalconf)
        self._kept: tuple[object, datetime, DiskFacts] | None = None
        self._lock = asyncio.Lock()

    async def facts(self, now: datetime) -> ServerFacts:
        """How it stands at *now*; the disk is read in a thread."""
        async with self._lock:
            if not self._is_fresh(now):
                self._keep(now, await asyncio.to_thread(read_disk, self._process.settings, self._folder, now))
        return self._with_disk(now)

    def facts_at_once(self, now: datetime) -> ServerFacts:
        """The same for those who cannot wait; with a folder of its own, for a thread may be reading the other."""
        if not self._is_fresh(now):
            folder = GlobalConfFolder(self._process.paths.globalconf)
            self._keep(now, read_disk(self._process.settings, folder, now))
        return self._with_disk(now)

    def _is_fresh(self, now: datetime) -> bool:
        return self._kept is not None and self._kept[0] == self._mark() and now - self._kept[1] < KEPT

    def _keep(self, now: datetime, disk: DiskFacts) -> None:
        self._kept = (self._mark(), now, disk)

    def _mark(self) -> object:
        """Changes when a cycle that writes to the folder has had a turn, or the settings were applied."""
        control = self._process.control
        cycles = () if control is None else control.cycles.values()
        turns = tuple((c.last_good, c.problem) for c in cycles if c.name in {"configuration", "ocsp"})
        return (id(self._process.settings), turns)

    def _with_disk(self, now: datetime) -> ServerFacts:
        settings, control = self._process.settings, self._process.control
        disk = self._kept[2] if self._kept is not None else DiskFacts()
        if control is None:
            return ServerFacts(now=now, server=settings.id, disk=disk, workers_wanted=settings.workers)
        return ServerFacts(
            now=now,
            server=settings.id,
            disk=disk,
            timestamps=control.timestamps,
            timestamp_period=settings.log.acceptable_timestamp_failure_period,
            workers=len(control.ready),
            workers_wanted=settings.workers,
            cycles=tuple(
                CycleFacts(name=c.name, last_good=c.last_good, problem=c.problem) for c in control.cycles.values()
            ),
            counters=control.total(),
            failures=tuple(control.failures),
        )


def read_disk(settings: Settings, folder: GlobalConfFolder, now: datetime) -> DiskFacts:
    """What the data folder says; nothing is raised, what cannot be read is told as a problem."""
    instance = settings.id.owner.instance
    try:
        globalconf = folder.load()
    except ExchangeError as exc:
        return DiskFacts(instance=instance, configuration_problem=str(exc), keys=tuple(_unjudged(settings, str(exc))))
    try:
        material = read_material(settings, folder)
        snapshot = assemble(material, now=now)
    except (ExchangeError, TrustError, OSError) as exc:
        return _refused(settings, globalconf, str(exc))
    conf = globalconf.instances.get(globalconf.local_instance)
    return DiskFacts(
        instance=instance,
        has_configuration=conf is not None and conf.private is not None,
        expires=None if conf is None else conf.expires,
        keys=tuple(_judged(settings, material, snapshot)),
    )


def _refused(settings: Settings, globalconf: GlobalConfSet, problem: str) -> DiskFacts:
    conf = globalconf.instances.get(globalconf.local_instance)
    is_refused = "test certificate profile" in problem
    return DiskFacts(
        instance=settings.id.owner.instance,
        has_configuration=conf is not None and not is_refused,
        configuration_problem=problem if is_refused else "",
        expires=None if conf is None else conf.expires,
        keys=tuple(_unjudged(settings, problem)),
    )


def _judged(settings: Settings, material: Material, snapshot: Snapshot) -> Iterator[KeyFacts]:
    identity = snapshot.authentication
    yield _key(
        material,
        material.keys.authentication,
        use=Use.AUTHENTICATION,
        owner="/".join(settings.id.parts),
        problem=snapshot.authentication_problem,
        usable_until=None if identity is None else identity.usable_until,
    )
    shown: set[ClientId] = set()
    for member, reference in settings.keys.signing:
        own = _held(material, settings, member, reference.key)
        usable = snapshot.signers.get(member)
        is_used = own is not None and usable is not None and usable.identity.certificate.der == own.certificate.der
        problem = material.keys.problems.get(reference.key, "") or snapshot.signer_problems.get(member, "")
        yield _key(
            material,
            own,
            use=Use.SIGNING,
            owner="/".join(member.parts),
            problem="" if is_used else problem or ("" if usable is not None else _NO_KEYS),
            usable_until=usable.usable_until if is_used and usable is not None else None,
            is_spare=not is_used and (usable is not None or member in shown),
        )
        shown.add(member)


def _held(material: Material, settings: Settings, member: ClientId, name: str) -> OwnKey | None:
    """The opened key behind a reference of the settings."""
    try:
        wanted = next(r for m, r in settings.keys.signing if m == member and r.key == name)
        der = certificate_of(token_store(settings), wanted).der
    except (ConfigurationError, TrustError, OSError, StopIteration):
        return None
    return next((key for owner, key in material.keys.signing if owner == member and key.certificate.der == der), None)


def _key(
    material: Material,
    own: OwnKey | None,
    *,
    use: Use,
    owner: str,
    problem: str,
    usable_until: datetime | None,
    is_spare: bool = False,
) -> KeyFacts:
    response = None if own is None else material.ocsp_responses.get(sha1_of(own.certificate))
    return KeyFacts(
        use=use,
        owner=owner,
        problem=problem,
        is_spare=is_spare,
        not_after=None if own is None else own.certificate.not_after,
        ocsp_at=_this_update(response),
        usable_until=usable_until,
    )


def _this_update(response: bytes | None) -> datetime | None:
    try:
        return None if response is None else parse_response(response).this_update
    except TrustError:
        return None


def _unjudged(settings: Settings, problem: str) -> Iterator[KeyFacts]:
    yield KeyFacts(use=Use.AUTHENTICATION, owner="/".join(settings.id.parts), problem=problem)
    for member in dict.fromkeys(member for member, _ in settings.keys.signing):
        yield KeyFacts(use=Use.SIGNING, owner="/".join(member.parts), problem=problem)
