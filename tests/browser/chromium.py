"""A headless Chromium of the test's own, told what to do over a pipe (Chrome DevTools Protocol): no port, no driver."""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = [
    pytest.mark.system,
    pytest.mark.skipif(PROGRAM is None, reason="Debian package chromium is not installed"),
]
"""Marks of every test that opens a page."""
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
_FIRST_FREE = 10
"""The browser reads descriptor 3 and writes 4; ours stay out of the way."""
_PATIENCE_S = 60


class Browser:
    """One page of a running Chromium."""

    def __init__(self, reads: int, writes: int) -> None:
        self._reads, self._writes = reads, writes
        self._buffer = b""
        self._number = 0
        self._session = ""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable")

    def show(self, address: str, *, width: int, scheme: str = "light") -> None:
        """Load a page on a screen of that width (CSS pixels), in a ``light`` or ``dark`` surrounding."""
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self._ask("Emulation.setDeviceMetricsOverride", **screen)
        self._ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        assert "errorText" not in self._ask("Page.navigate", url=address)
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression in the page; promises are waited for."""
        answer = self._ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def _ask(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        asked = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            asked["sessionId"] = self._session
        unsent = json.dumps(asked).encode() + b"\0"
        while unsent:
            unsent = unsent[os.write(self._writes, unsent) :]
        while (answer := self._next()).get("id") != self._number:
            pass
        assert "error" not in answer, answer["error"]
        result: dict[str, Any] = answer["result"]
        return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            assert select.select([self._reads], [], [], _PATIENCE_S)[0], "Chromium is silent"
            data = os.read(self._reads, 1 << 16)
            assert data, "Chromium ended"
            self._buffer += data
        message, _, self._buffer = self._buffer.partition(b"\0")
        told: dict[str, Any] = json.loads(message)
        return told


@contextmanager
def running_chromium(profile: Path) -> Iterator[Browser]:
    """Start a browser with a profile of its own, and stop it afterwards."""
    assert PROGRAM is not None
    theirs_in, ours_out = _pipe()
    ours_in, theirs_out = _pipe()
    redirected = f'exec "$0" "$@" 3</dev/fd/{theirs_in} 4>/dev/fd/{theirs_out}'
    command = ["sh", "-c", redirected, PROGRAM, *_QUIET, f"--user-data-dir={profile}"]
    with subprocess.Popen(command, pass_fds=(theirs_in, theirs_out), stderr=subprocess.DEVNULL) as process:
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            yield Browser(ours_in, ours_out)
        finally:
            process.terminate()
            process.wait(timeout=_PATIENCE_S)
            os.close(ours_in)
            os.close(ours_out)


def _pipe() -> tuple[int, int]:
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]
