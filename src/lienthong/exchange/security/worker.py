"""A worker process: carries messages. Any number of them share the ports; none shares anything else with another.

Keys, rights and configuration are read from the data folder and read again when the control process says so; the
journal is the worker's own. Killing one loses its unacknowledged messages and nothing else. See docs/adr/0003.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import traceback
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass

import structlog

from lienthong.exchange.adapters.http_errors import FetchError
from lienthong.exchange.adapters.log_index_choice import choose_log
from lienthong.exchange.adapters.ocsp_fetch import fetch_peer_responses, ocsp_answer
from lienthong.exchange.adapters.pool import Pool
from lienthong.exchange.adapters.race import Race
from lienthong.exchange.adapters.spool import Spool
from lienthong.exchange.errors import ExchangeError, Fault
from lienthong.exchange.security import listeners as doors_of
from lienthong.exchange.security.channel import (
    Channel,
    ChannelError,
    Hello,
    Ready,
    Reload,
    Report,
    TimestampNotice,
    connect,
)
from lienthong.exchange.security.doors import servers_door, systems_door
from lienthong.exchange.security.downloads import side_services
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.listeners import Listeners, client_context
from lienthong.exchange.security.logs import DurableLog
from lienthong.exchange.security.material import read_settings
from lienthong.exchange.security.observing import Observer
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.security.peer_ocsp import FetchFromPeer, PeerOcsp
from lienthong.exchange.security.peers import PeerJudge
from lienthong.exchange.security.ports import Surroundings
from lienthong.exchange.security.signatures import SignatureJudge
from lienthong.exchange.security.signer import BatchSigner
from lienthong.exchange.security.state import ServerState
from lienthong.exchange.security.transports import SecurityServers, Services
from lienthong.exchange.serverconf.settings import Settings
from lienthong.exchange.transport.http import Handler, HttpRequest, HttpResponse
from lienthong.trust.algorithms import Digest, DigestAlgorithm

GRACE_S = 10.0
REPORT_S = 1.0
RECONNECT_S = 0.5
_log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Worker:
    """One worker with its open resources."""

    number: int
    paths: DataPaths
    state: ServerState
    pool: Pool
    listeners: Listeners
    observer: Observer
    control: Channel | None = None
    dialled_with: bytes = b""

    async def apply(self) -> None:
        """Make listeners and outgoing connections fit the snapshot."""
        snapshot = self.state.snapshot
        if snapshot is None:
            return
        identity = snapshot.authentication
        fingerprint = b"" if identity is None else b"".join(identity.chain_der)
        if fingerprint != self.dialled_with:
            self.pool.use_context(client_context(snapshot))
            self.dialled_with = fingerprint
        await self.listeners.update(snapshot)

    async def reload(self) -> None:
        """Read the data folder again; what cannot be read leaves everything as it was."""
        try:
            self.state.reload()
            await self.apply()
        except ExchangeError as exc:
            _log.warning("reload_refused", worker=self.number, problem=str(exc))

    async def obey(self) -> None:
        """Stay connected to the control process and do what it says; it may come later or come again."""
        while True:
            try:
                self.control = await connect(self.paths.control)
                self.control.send(Hello(worker=self.number))
                await self._listen(self.control)
            except ChannelError:
                pass
            self.control = None
            await asyncio.sleep(RECONNECT_S)

    async def _listen(self, control: Channel) -> None:
        async for message in control.messages():
            match message:
                case Reload():
                    await self.reload()
                    if self.state.snapshot is not None:
                        control.send(Ready(worker=self.number))
                case TimestampNotice():
                    self.state.note_timestamps(message)
                case _:
                    continue

    async def report(self) -> None:
        """Tell the counters once a second."""
        while True:
            await asyncio.sleep(REPORT_S)
            if self.control is not None:
                self.control.send(Report(worker=self.number, counters=dict(self.observer.counters)))


async def run_worker(
    number: int, paths: DataPaths, sockets: Mapping[str, socket.socket], surroundings: Surroundings
) -> None:
    """Serve until told to stop by SIGTERM or SIGINT, then finish what was begun."""
    stopping = asyncio.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wanted, stopping.set)
    async with AsyncExitStack() as stack:
        worker = await open_worker(number, paths, sockets, stack, surroundings=surroundings)
        await worker.reload()
        _spare_the_collector()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(worker.obey()), group.create_task(worker.report())]
            _log.info("worker_ready", worker=number)
            await stopping.wait()
            for each in sockets.values():
                each.close()
            await worker.listeners.close(GRACE_S)
            for task in tasks:
                task.cancel()


def _spare_the_collector() -> None:
    """What is loaded by now stays: the collector need not look at it again, and messages leave few cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def open_worker(
    number: int,
    paths: DataPaths,
    sockets: Mapping[str, socket.socket],
    stack: AsyncExitStack,
    *,
    surroundings: Surroundings,
) -> Worker:
    """A worker with everything open but its doors, which :meth:`Worker.reload` opens; *stack* closes it."""
    clock = surroundings.clock
    state = ServerState(paths, clock)
    settings = read_settings(paths)
    journal = choose_log(settings.log, data=paths.data, worker=number)
    await journal.open()
    stack.push_async_callback(journal.close)
    spool = Spool(paths.spool / f"w{number}", randomness=surroundings.random_bytes)
    spool.remove_leftovers()
    pool, services = _ways_out(settings, stack)
    threads = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="signer"))
    loop = asyncio.get_running_loop()
    observer = Observer(tell=lambda failure: worker.control.send(failure) if worker.control else None)
    means = Facilities(
        snapshot=state.current,
        spool=spool,
        log=DurableLog(journal, truncated_bytes=settings.limits.loggable_body_bytes),
        log_gate=state.log_gate,
        signer=BatchSigner(clock=clock, run_in_thread=lambda work: loop.run_in_executor(threads, work)),
        signatures=SignatureJudge(),
        peers=PeerJudge(),
        peer_ocsp=PeerOcsp(_fetch_from_peer(state)),
        transport=SecurityServers(Race(pool), state.current),
        services=services,
        clock=clock,
        uuids=surroundings.uuids,
        random_bytes=surroundings.random_bytes,
        observer=observer,
    )
    worker = Worker(
        number=number,
        paths=paths,
        state=state,
        pool=pool,
        listeners=Listeners(sockets, _handlers(means, paths, state), _tell_error),
        observer=observer,
    )
    return worker


def _ways_out(settings: Settings, stack: AsyncExitStack) -> tuple[Pool, Services]:
    """To other security servers and to services, closed by *stack*."""
    connect_timeout_s = settings.limits.connect_timeout.total_seconds()
    pool = Pool(idle_timeout_s=50.0 if settings.pools else 0.0, connect_timeout_s=connect_timeout_s)
    services = Services(connect_timeout_s=connect_timeout_s)
    stack.push_async_callback(pool.close)
    stack.push_async_callback(services.close)
    return pool, services


def _handlers(means: Facilities, paths: DataPaths, state: ServerState) -> dict[str, Handler]:
    """Which handler stands behind which port."""
    systems = systems_door(means, side_services(means, paths))
    return {
        doors_of.SYSTEMS: systems,
        doors_of.SYSTEMS_TLS: systems,
        doors_of.SERVERS: servers_door(means),
        doors_of.OCSP: _ocsp_door(state),
    }


def _fetch_from_peer(state: ServerState) -> FetchFromPeer:
    """Asks a peer for OCSP answers on the port the settings dial."""

    async def fetch(address: str, chain: tuple[bytes, ...]) -> tuple[bytes, ...]:
        port = state.current().settings.ports.dial_ocsp_port
        try:
            return tuple(await fetch_peer_responses(address, port, chain))
        except FetchError as exc:
            text = f"OCSP answers about the other security server cannot be had: {exc}"
            raise Fault("ssl_authentication_failed", text) from exc

    return fetch


def _ocsp_door(state: ServerState) -> Handler:
    """The port that gives other servers OCSP answers about this one. Source: message-path dossier s.3.10."""

    def lookup(digest: Digest) -> bytes | None:
        snapshot = state.current()
        if digest.algorithm is DigestAlgorithm.SHA1:
            return snapshot.ocsp_responses.get(digest.value)
        identity = snapshot.authentication
        if identity is None:
            return None
        pairs = zip(identity.chain_der, identity.ocsp_responses, strict=True)
        return next((response for der, response in pairs if digest.algorithm.digest(der) == digest), None)

    async def handle(request: HttpRequest) -> HttpResponse:
        return ocsp_answer(request.raw_query, lookup, method=request.method)

    return handle


def _tell_error(error: BaseException, request: HttpRequest) -> None:
    """A handler failed in a way nobody foresaw: the kind and place, never what was sent."""
    where = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    _log.error("handler_failed", kind=type(error).__name__, method=request.method, where=where)
