"""Downloads configurations: tries places in order, believes none before its signature, stores whole generations.

Source: governance dossier s.1.6.
"""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urljoin

import aiohttp

from lienthong.exchange.adapters.globalconf_folder import GlobalConfFolder
from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf.candidates import (
    FALLBACK_VERSION,
    Location,
    Shuffle,
    candidate_locations,
    federated_anchors,
    versions_to_probe,
    with_version,
)
from lienthong.exchange.globalconf.directory import DirectoryPart, SignedDirectory, read_directory
from lienthong.exchange.globalconf.document import SHARED_SIZE_MAX, SMALL_SIZE_MAX
from lienthong.exchange.globalconf.faults import Code, refuse
from lienthong.exchange.globalconf.model import ConfigurationAnchor, SharedParameters
from lienthong.exchange.globalconf.refresh import StoredPart, assemble, configuration_from, plan_refresh
from lienthong.trust.algorithms import PRODUCTION, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadSettings:
    """How downloads behave."""

    connect_timeout: timedelta = timedelta(seconds=10)
    """Until a connection stands."""
    read_timeout: timedelta = timedelta(seconds=30)
    """Between two reads; a whole file may take ten times that."""
    allowed_federations: Sequence[str] = ("none",)
    """``none``, ``all`` or names of instances."""
    tls: ssl.SSLContext | bool = True
    """True: https needs a certificate that the system trusts, else plain http is used."""
    policy: Policy = PRODUCTION
    """Which algorithms a directory may use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshReport:
    """What one round of downloads gave."""

    refreshed: Mapping[str, str]
    """URL that worked, by instance."""
    faults: Mapping[str, Fault]
    """Last refusal of every instance for which nothing worked; its stored files stay."""
    attempts: Sequence[tuple[str, Fault]] = field(default=())
    """Every place that failed, in order."""


def system_shuffle(locations: Sequence[Location]) -> Sequence[Location]:
    """Another order, from the system's randomness."""
    return random.SystemRandom().sample(locations, len(locations))


class Downloader:
    """Fetches directories and parts over HTTP, bounded in size and time."""

    def __init__(self, session: aiohttp.ClientSession, settings: DownloadSettings) -> None:
        self._session = session
        self._settings = settings

    async def directory(self, location: Location, at: datetime) -> tuple[str, SignedDirectory]:
        """Find the newest version that a place serves; gives its URL and the verified directory. Raises Fault."""
        url, data = await self._newest(location.url)
        directory = read_directory(data, certificates=location.certificates, at=at, policy=self._settings.policy)
        return url, directory

    async def part(self, directory_url: str, part: DirectoryPart) -> bytes:
        """Fetch the file behind a part and require it to be the listed one; raises Fault."""
        try:
            status, data = await self._get(urljoin(directory_url, part.location), SHARED_SIZE_MAX)
        except Fault as fault:
            raise refuse(Code.PART_DOWNLOAD, fault.message) from fault
        if status != 200:
            raise refuse(Code.PART_DOWNLOAD, f"{part.location} was answered with status {status}")
        part.require_intact(data)
        return data

    async def _newest(self, url: str) -> tuple[str, bytes]:
        probes = [with_version(url, version) for version in versions_to_probe(url)]
        fallback = [with_version(url, FALLBACK_VERSION)] if probes else [url]
        for candidate in (*probes, *fallback):
            status, data = await self._get(candidate, SMALL_SIZE_MAX)
            if status == 200:
                return candidate, data
            if status != 404:
                raise refuse(Code.CONNECTION, f"{candidate} was answered with status {status}")
        raise refuse(Code.VERSION, f"{url} serves no version that is known here")

    async def _get(self, url: str, size_max: int) -> tuple[int, bytes]:
        try:
            async with self._session.get(url, allow_redirects=False, ssl=self._settings.tls) as response:
                data = await _read_bounded(response, size_max)
                return response.status, data
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as exc:
            raise refuse(Code.CONNECTION, f"{url} cannot be fetched: {str(exc) or type(exc).__name__}") from exc


async def _read_bounded(response: aiohttp.ClientResponse, size_max: int) -> bytes:
    received = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        received += chunk
        if len(received) > size_max:
            raise refuse(Code.CONNECTION, f"{response.url} sends more than {size_max} bytes")
    return bytes(received)


def open_session(settings: DownloadSettings) -> aiohttp.ClientSession:
    """A session with the timeouts set; the caller closes it."""
    read = settings.read_timeout.total_seconds()
    connect = settings.connect_timeout.total_seconds()
    timeout = aiohttp.ClientTimeout(total=10 * read, sock_connect=connect, sock_read=read)
    return aiohttp.ClientSession(timeout=timeout, trust_env=False, cookie_jar=aiohttp.DummyCookieJar())


class ConfigurationClient:
    """Keeps a folder in step with what an anchor's instance, and those federated with it, publish."""

    def __init__(
        self,
        *,
        anchor: ConfigurationAnchor,
        folder: GlobalConfFolder,
        clock: Callable[[], datetime],
        shuffle: Shuffle = system_shuffle,
        settings: DownloadSettings | None = None,
    ) -> None:
        self._anchor = anchor
        self._folder = folder
        self._clock = clock
        self._shuffle = shuffle
        self._settings = settings or DownloadSettings()
        self._last_urls: dict[str, str] = {}

    async def refresh(self) -> RefreshReport:
        """Do one round: the own instance first, then permitted federated ones. Refusals are in the report."""
        faults: dict[str, Fault] = {}
        attempts: list[tuple[str, Fault]] = []
        refreshed: dict[str, str] = {}
        async with open_session(self._settings) as session:
            downloader = Downloader(session, self._settings)
            own = self._anchor.instance
            await self._refresh_into(downloader, self._anchor, (refreshed, faults, attempts))
            if own in refreshed:
                await asyncio.to_thread(self._folder.set_local_instance, own)
                federated = self._federated()
                for anchor in federated:
                    await self._refresh_into(downloader, anchor, (refreshed, faults, attempts))
                await asyncio.to_thread(self._folder.keep_only, [own, *(anchor.instance for anchor in federated)])
        return RefreshReport(refreshed=refreshed, faults=faults, attempts=tuple(attempts))

    def _federated(self) -> tuple[ConfigurationAnchor, ...]:
        conf = configuration_from(self._folder.stored(self._anchor.instance))
        if conf.private is None:
            return ()
        anchors = federated_anchors(conf.private, self._settings.allowed_federations)
        return tuple(anchor for anchor in anchors if anchor.instance != self._anchor.instance)

    async def _refresh_into(
        self,
        downloader: Downloader,
        anchor: ConfigurationAnchor,
        result: tuple[dict[str, str], dict[str, Fault], list[tuple[str, Fault]]],
    ) -> None:
        refreshed, faults, attempts = result
        instance = anchor.instance
        for location in await self._candidates(anchor, faults):
            try:
                await self._refresh_from(downloader, location, instance)
            except Fault as fault:
                faults[instance] = fault
                attempts.append((location.url, fault))
            else:
                refreshed[instance] = self._last_urls[instance] = location.url
                faults.pop(instance, None)
                return

    async def _candidates(self, anchor: ConfigurationAnchor, faults: dict[str, Fault]) -> tuple[Location, ...]:
        stored = await asyncio.to_thread(self._stored_shared, anchor.instance)
        try:
            locations = candidate_locations(
                anchor, stored=stored, last_url=self._last_urls.get(anchor.instance), shuffle=self._shuffle
            )
        except Fault as fault:
            faults[anchor.instance] = fault
            return ()
        if not locations:
            faults[anchor.instance] = refuse(Code.MALFORMED_ANCHOR, "the anchor names no http or https URL")
        return locations

    def _stored_shared(self, instance: str) -> SharedParameters | None:
        try:
            return configuration_from(self._folder.stored(instance)).shared
        except Fault:
            return None

    async def _refresh_from(self, downloader: Downloader, location: Location, instance: str) -> None:
        url, directory = await downloader.directory(location, self._clock())
        stored = await asyncio.to_thread(self._folder.stored, instance)
        held = {name: part.data for name, part in stored.items()}
        plan = plan_refresh(directory, instance, held, shared_only=instance != self._anchor.instance)
        files = {name: held[name] for name in plan.keep}
        for name, part in plan.download.items():
            files[name] = await downloader.part(url, part)
        parts = await asyncio.to_thread(assemble, directory, instance, files)
        await asyncio.to_thread(self._store, instance, parts)

    def _store(self, instance: str, parts: Mapping[str, StoredPart]) -> None:
        try:
            self._folder.replace(instance, parts)
        except OSError as exc:
            raise refuse(Code.FILE_SAVE, f"configuration of {instance!r} cannot be stored: {exc.strerror}") from exc
