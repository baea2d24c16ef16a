"""The control process and the workers that come to it, over a real Unix socket."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lienthong.exchange.security.channel import Channel, Hello, Ready, Reload, TimestampNotice, connect, listen
from lienthong.exchange.security.control import Control
from lienthong.exchange.security.cycles.timestamps import TimestampState

NOW = datetime(2026, 7, 3, 8, tzinfo=UTC)


async def _next(channel: Channel) -> object:
    async with asyncio.timeout(5):
        return await anext(channel.messages())


async def _ready(control: Control, expected: set[int]) -> None:
    async with asyncio.timeout(5):
        while control.ready != expected:
            await asyncio.sleep(0.01)


@pytest.mark.sockets
def test_worker_that_comes_late_reads_again_and_counts_once_its_doors_are_open(tmp_path: Path) -> None:
    asyncio.run(_comes_late(tmp_path))


async def _comes_late(tmp_path: Path) -> None:
    control = Control(lambda: NOW, {}, status=dict)
    control.tell_reload()  # what changed before the worker came
    control.tell_timestamps(TimestampState().succeeded(NOW))
    server = await listen(tmp_path / "control.sock", control.serve)
    worker = await connect(tmp_path / "control.sock")
    worker.send(Hello(worker=0))
    assert isinstance(await _next(worker), TimestampNotice)
    assert isinstance(await _next(worker), Reload)
    assert control.ready == set()
    worker.send(Ready(worker=0))
    await _ready(control, {0})
    await worker.close()
    await _ready(control, set())
    server.close()


@pytest.mark.sockets
def test_a_control_process_that_knows_nothing_yet_does_not_open_the_gate_of_a_worker_that_does(tmp_path: Path) -> None:
    async def play() -> None:
        control = Control(lambda: NOW, {}, status=dict)
        server = await listen(tmp_path / "control.sock", control.serve)
        worker = await connect(tmp_path / "control.sock")
        worker.send(Hello(worker=0))
        assert isinstance(await _next(worker), Reload)
        await worker.close()
        server.close()

    asyncio.run(play())
