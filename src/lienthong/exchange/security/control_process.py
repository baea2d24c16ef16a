"""Puts the control process together: configuration, OCSP, timestamps and index, over the real disk and network."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from lienthong.exchange.adapters.durable_files import write_whole
from lienthong.exchange.adapters.globalconf_download import ConfigurationClient
from lienthong.exchange.adapters.globalconf_folder import GlobalConfFolder
from lienthong.exchange.adapters.http_server import serve
from lienthong.exchange.adapters.log_index import LogIndex
from lienthong.exchange.adapters.log_index_choice import open_index
from lienthong.exchange.adapters.ocsp_fetch import fetch_ocsp
from lienthong.exchange.adapters.timestamp_fetch import fetch_timestamp
from lienthong.exchange.errors import ConfigurationError, ExchangeError
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.globalconf.anchor import read_anchor
from lienthong.exchange.messagelog.entries import MessageIndex
from lienthong.exchange.security.assembly import require_no_test_profile
from lienthong.exchange.security.channel import listen
from lienthong.exchange.security.control import Control, Cycle
from lienthong.exchange.security.cycles.ocsp import covered, fetch_answers, file_name
from lienthong.exchange.security.cycles.timestamps import Authorities, TimestampState, stamp_pending
from lienthong.exchange.security.material import read_keys, read_settings
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.security.ports import Clock
from lienthong.exchange.security.status import Watch, status_door, summarize
from lienthong.exchange.serverconf.settings import Settings
from lienthong.exchange.transport.http import HttpRequest

INDEX_EVERY = timedelta(seconds=1)
EVERY_LEAST, EVERY_MOST = timedelta(seconds=60), timedelta(seconds=86400)
"""Bounds of the interval that the global configuration may ask for. Source: message-path dossier s.5.4."""
STATUS = "status"
"""Name of the operators' socket; one of :class:`Ports`."""
_log = structlog.get_logger()


@dataclass(slots=True)
class ControlProcess:
    """The cycles with what they work on."""

    paths: DataPaths
    settings: Settings
    folder: GlobalConfFolder
    index: MessageIndex
    clock: Clock
    control: Control | None = None
    client: ConfigurationClient | None = None
    loaded: GlobalConfSet | None = None

    def reload_settings(self) -> None:
        """Take in applied settings; the old ones stay when the new ones cannot be read."""
        try:
            self.settings = read_settings(self.paths)
        except ExchangeError as exc:
            _log.error("settings_refused", problem=str(exc))
            return
        self.client = None
        self.ring()

    def ring(self) -> None:
        """Start every cycle now, and let the workers read again."""
        if self.control is not None:
            self.control.tell_reload()
            for cycle in self.control.cycles.values():
                cycle.ring()

    async def refresh_configuration(self) -> str:
        """Download the global configuration; workers hear of it only when it changed."""
        if self.client is None:
            anchor = read_anchor(self.settings.anchor.read_bytes())
            self.client = ConfigurationClient(anchor=anchor, folder=self.folder, clock=self.clock)
        report = await self.client.refresh()
        own = self.settings.id.owner.instance
        if own in report.faults:
            raise report.faults[own]
        fresh = self.folder.load()
        require_no_test_profile(self.settings, fresh)
        first = self.loaded is None
        self.loaded = fresh
        if self.control is not None:
            self.control.tell_reload()
            if first:
                self.control.cycles["ocsp"].ring()
        return f"configuration of {', '.join(sorted(report.refreshed))} is up to date"

    async def refresh_ocsp(self) -> str:
        """Ask for OCSP answers about our certificates and keep those that are genuine."""
        globalconf = self._globalconf()
        pairs = list(covered(read_keys(self.settings), globalconf))
        outcomes = await fetch_answers(pairs, globalconf, fetch_ocsp, now=self.clock())
        self.paths.ocsp.mkdir(mode=0o700, parents=True, exist_ok=True)
        for outcome in outcomes:
            if outcome.response is not None:
                write_whole(self.paths.ocsp / file_name(outcome.certificate), outcome.response)
        if self.control is not None:
            self.control.tell_reload()
        problems = [outcome.problem for outcome in outcomes if outcome.problem]
        if problems or not outcomes:
            raise ConfigurationError(*(problems or ["no certificate of ours has a path to an approved authority"]))
        return f"{len(outcomes)} OCSP answers are fresh and good"

    async def timestamp(self) -> str:
        """Stamp everything that waits."""
        control = self._control()
        try:
            await asyncio.to_thread(self._update_index)
            count = await self._stamp_all()
        except ExchangeError as exc:
            state = control.timestamps.failed(await asyncio.to_thread(self._failing_since), str(exc))
            control.tell_timestamps(self._with_tsa(state))
            raise
        control.tell_timestamps(self._with_tsa(control.timestamps.succeeded(self.clock())))
        return f"{count} records timestamped"

    async def update_index(self) -> str:
        """Take new records into the index."""
        return f"{await asyncio.to_thread(self._update_index)} records indexed"

    async def _stamp_all(self) -> int:
        authorities = self._authorities()
        total = 0
        while count := await stamp_pending(self.index, authorities, fetch_timestamp):
            total += count
        return total

    def _failing_since(self) -> datetime:
        """Now; where this process is too young to know, when the oldest unstamped record should have been stamped."""
        control, now = self._control(), self.clock()
        if control.timestamps != TimestampState():
            return now
        try:
            pending = self.index.pending(limit=1)
            oldest = self.index.entry(pending[0].number) if pending else None
        except ExchangeError:
            return now  # the index itself is away; workers that know more keep it
        if oldest is None:
            return now
        due = datetime.fromtimestamp(oldest.time_ms / 1000, UTC) + control.cycles["timestamp"].interval()
        return min(now, due)

    def _authorities(self) -> Authorities:
        globalconf = self._globalconf()
        approved = {tsa.url for tsa in globalconf.tsas()}
        urls = [tsa.url for tsa in self.settings.timestamping if tsa.url in approved]
        return Authorities(urls=urls, certificates=globalconf.tsa_certificates())

    def _with_tsa(self, state: TimestampState) -> TimestampState:
        has_tsa = self.loaded is None or bool(self._authorities().urls)
        return replace(state, has_tsa=has_tsa)

    def _update_index(self) -> int:
        if not isinstance(self.index, LogIndex):
            return 0
        run = self.index.update()
        for worker, damage in run.damage:
            _log.error("journal_damaged", worker=worker, segment=damage.segment, kind=damage.kind.value)
        return run.added

    def _globalconf(self) -> GlobalConfSet:
        if self.loaded is None:
            self.loaded = self.folder.load()
        return self.loaded

    def _control(self) -> Control:
        if self.control is None:
            raise RuntimeError("cycles run once the control process is put together")
        return self.control

    def cycles(self) -> dict[str, Cycle]:
        """The table of what is done again and again."""
        intervals = self.settings.intervals

        def every_ocsp() -> timedelta:
            return self.settings.intervals.ocsp_fetch or self._globalconf().local.ocsp_fetch_interval

        def every_timestamp() -> timedelta:
            private = self._globalconf().local.private
            written = timedelta(seconds=60) if private is None else private.timestamping_interval
            return self.settings.intervals.timestamp or min(max(written, EVERY_LEAST), EVERY_MOST)

        def soon() -> timedelta:
            return min(timedelta(seconds=2), intervals.configuration_refresh)

        table = (
            ("configuration", self.refresh_configuration, lambda: self.settings.intervals.configuration_refresh, soon),
            ("ocsp", self.refresh_ocsp, every_ocsp, lambda: self.settings.intervals.ocsp_retry),
            ("timestamp", self.timestamp, every_timestamp, lambda: self.settings.intervals.timestamp_retry),
            ("index", self.update_index, lambda: INDEX_EVERY, lambda: INDEX_EVERY),
        )
        return {name: Cycle(name, run, interval, retry) for name, run, interval, retry in table}


async def run_control(paths: DataPaths, sockets: Mapping[str, socket.socket], clock: Clock) -> None:
    """Run until SIGTERM or SIGINT; SIGHUP reads the settings again."""
    settings = read_settings(paths)
    index = open_index(settings.log, data=paths.data, server=settings.id)
    process = ControlProcess(paths, settings, GlobalConfFolder(paths.globalconf), index, clock)
    watch = Watch(process)
    control = process.control = Control(clock, process.cycles(), status=lambda: summarize(watch.facts_at_once(clock())))
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wanted, stopping.set)
    loop.add_signal_handler(signal.SIGHUP, process.reload_settings)
    async with AsyncExitStack() as stack:
        if STATUS in sockets:
            door = status_door(process, clock=clock)
            opened = await serve(door, sockets=[sockets[STATUS].dup()], add_date=True, on_error=_tell_error)
            await stack.enter_async_context(opened)
        server = await listen(paths.control, control.serve)
        stack.callback(server.close)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(cycle.repeat(clock)) for cycle in control.cycles.values()]
            _log.info("control_ready")
            await stopping.wait()
            for each in sockets.values():
                each.close()
            for task in tasks:
                task.cancel()


def _tell_error(error: BaseException, request: HttpRequest) -> None:
    _log.error("status_failed", kind=type(error).__name__, method=request.method, exc_info=error)
