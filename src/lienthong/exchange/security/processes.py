"""One security server as processes: a master that opens the ports and forks, a control process, N workers.

The master does nothing else: no event loop and no threads, so that it can fork again whenever one of its children dies.
Memory that nobody changes is shared by all. See docs/adr/0003.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import time
import uuid
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType

import structlog
import uvloop

from lienthong.exchange.adapters.http_server import listen
from lienthong.exchange.errors import ConfigurationError, ExchangeError
from lienthong.exchange.security.control_process import STATUS, run_control
from lienthong.exchange.security.listeners import OCSP, SERVERS, SYSTEMS, SYSTEMS_TLS
from lienthong.exchange.security.material import read_settings
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.security.ports import Surroundings
from lienthong.exchange.security.worker import run_worker
from lienthong.exchange.serverconf.settings import Settings

LEAST_LIFE_S = 0.5
"""A child that dies sooner than this is forked again only when so much time has passed: no loop without rest."""
STOP_GRACE_S = 15.0
CONTROL = -1
"""Number of the control process among the children."""
_log = structlog.get_logger()

Child = Callable[[], Coroutine[None, None, None]]


def open_sockets(settings: Settings) -> dict[str, socket.socket]:
    """Every listening socket of the server, bound once and shared by all workers; raises ConfigurationError."""
    ports, outside, inside = settings.ports, settings.listen, settings.systems_listen
    wanted = {
        SERVERS: (outside, ports.messages),
        OCSP: (outside, ports.ocsp),
        SYSTEMS: (inside, ports.http),
        SYSTEMS_TLS: (inside, ports.https),
        STATUS: (inside, ports.status),
    }
    opened: dict[str, socket.socket] = {}
    for name, (host, port) in wanted.items():
        if not port:
            continue
        try:
            opened[name] = listen(host, port)
        except OSError as exc:
            for each in opened.values():
                each.close()
            raise ConfigurationError(f"ports.{name}: cannot listen on {host}:{port}: {exc.strerror}") from exc
    return opened


class Master:
    """Keeps the children alive until it is told to stop."""

    def __init__(self, children: Mapping[int, Child], sockets: Mapping[str, socket.socket]) -> None:
        self._plans = children
        self._sockets = sockets
        self._running: dict[int, int] = {}
        self._born: dict[int, float] = {}
        self._stopping = False
        self._lifeline, self._held = os.pipe()

    def run(self) -> None:
        """Fork every child, fork again what dies, stop all on SIGTERM or SIGINT; SIGHUP goes to the control process."""
        gc.collect()
        gc.freeze()
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, self._stop)
        signal.signal(signal.SIGHUP, self._reload)
        for number in self._plans:
            self._fork(number)
        while self._running:
            self._wait()

    def _fork(self, number: int) -> None:
        if self._stopping:
            return
        self._born[number] = time.monotonic()
        pid = os.fork()
        if pid:
            self._running[pid] = number
            return
        os.close(self._held)
        for wanted in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(wanted, signal.SIG_DFL)
        name_process("control" if number == CONTROL else f"worker-{number}")
        os._exit(_run_child(self._plans[number], self._lifeline))

    def _wait(self) -> None:
        pid, status = os.waitpid(-1, 0)
        number = self._running.pop(pid, None)
        if number is None or self._stopping:
            return
        _log.error("process_died", process=number, status=os.waitstatus_to_exitcode(status))
        time.sleep(max(0.0, self._born[number] + LEAST_LIFE_S - time.monotonic()))
        self._fork(number)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True
        for each in self._sockets.values():
            each.close()  # with the last of us the port is shut: callers are refused at once and do not wait for nobody
        self._send(signal.SIGTERM, *self._running)
        signal.signal(signal.SIGALRM, lambda *_: self._send(signal.SIGKILL, *self._running))
        signal.setitimer(signal.ITIMER_REAL, STOP_GRACE_S)

    def _reload(self, _signal: int, _frame: FrameType | None) -> None:
        self._send(signal.SIGHUP, *(pid for pid, number in self._running.items() if number == CONTROL))

    def _send(self, wanted: signal.Signals, *pids: int) -> None:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, wanted)


def name_process(name: str) -> None:
    """Let ``ps`` and ``top`` show what this process is, where the system has such names (Linux: 15 characters)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name, "ascii")


def _run_child(child: Child, lifeline: int) -> int:
    """Run a child's coroutine to its end, which comes at the latest when the master dies; the exit code."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.get_loop().add_reader(lifeline, _orphaned, runner.get_loop(), lifeline)
            runner.run(child())
    except ExchangeError as exc:
        _log.error("process_failed", problem=str(exc))
        return 1
    except BaseException as exc:  # noqa: BLE001 - the last place where anybody can say why the process ends
        _log.error("process_failed", kind=type(exc).__name__, exc_info=exc)
        return 1
    return 0


def _orphaned(loop: asyncio.AbstractEventLoop, lifeline: int) -> None:
    """The other end of the lifeline is held by the master alone: it is gone, so finish as if it had said so."""
    loop.remove_reader(lifeline)
    os.kill(os.getpid(), signal.SIGTERM)


REAL = Surroundings(clock=lambda: datetime.now(UTC), uuids=lambda: str(uuid.uuid4()), random_bytes=os.urandom)
"""The clock and the randomness of this machine."""


def run_server(paths: DataPaths, surroundings: Surroundings = REAL) -> None:
    """Run a security server until it is stopped; raises ConfigurationError when it cannot start."""
    settings = read_settings(paths)
    sockets = open_sockets(settings)
    paths.pid.write_text(f"{os.getpid()}\n", "ascii")
    try:
        Master(_children(settings, paths, sockets, surroundings), sockets).run()
    finally:
        paths.pid.unlink(missing_ok=True)


def _children(
    settings: Settings, paths: DataPaths, sockets: Mapping[str, socket.socket], surroundings: Surroundings
) -> dict[int, Child]:
    children: dict[int, Child] = {CONTROL: partial(run_control, paths, sockets, surroundings.clock)}
    for number in range(settings.workers):
        children[number] = partial(run_worker, number, paths, sockets, surroundings)
    return children
