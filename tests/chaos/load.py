"""Calls without end from several consumers, each with an id of its own; remembers what was acknowledged."""

import http.client
import itertools
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType

from tests.chaos.processes import await_fact

PAUSE_S = 0.02
"""Between two calls of one consumer: there is always something in flight, and the logs stay short."""


@dataclass
class Load:
    """A thread for each consumer, as plain as a consumer can be."""

    address: str
    """Host and port of the consumer's security server."""
    client: str
    """Who calls."""
    service: str
    """What is called."""
    prefix: str
    """Every message id begins so."""
    since: datetime
    """Before the first call, by the clock of the consumer's server."""
    consumers: int = 4
    size_bytes: int = 1024
    acknowledged: list[str] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    """By fault code, or by the kind of error."""
    _threads: list[threading.Thread] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def __enter__(self) -> "Load":
        self._threads = [threading.Thread(target=self._consume) for _ in range(self.consumers)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def await_more(self, count: int, *, within_s: float = 40.0) -> None:
        """Wait until so many more calls were acknowledged."""
        wanted = len(self.acknowledged) + count
        try:
            await_fact(lambda: len(self.acknowledged) >= wanted, what=f"{count} more answers", within_s=within_s)
        except AssertionError as exc:
            raise AssertionError(f"{exc}; failures: {dict(self.failures)}") from None

    def await_failures(self, count: int) -> None:
        """Wait until so many more calls have failed, in whatever way."""
        wanted = self.failures.total() + count
        await_fact(lambda: self.failures.total() >= wanted, what=f"{count} more calls fail")

    def await_failure(self, code: str, *, within_s: float = 30.0) -> None:
        """Wait until calls fail so from now on."""
        before = self.failures[code]
        try:
            await_fact(lambda: self.failures[code] > before, what=f"a call that fails with {code}", within_s=within_s)
        except AssertionError as exc:
            raise AssertionError(f"{exc}; failures: {dict(self.failures)}") from None

    def _consume(self) -> None:
        connection = http.client.HTTPConnection(self.address, timeout=60)
        while not self._stopping.is_set():
            message_id = f"{self.prefix}-{next(self._numbers)}"
            failed = self._call(connection, message_id)
            if failed:
                self.failures[failed] += 1
                connection.close()
            else:
                self.acknowledged.append(message_id)
            time.sleep(PAUSE_S)
        connection.close()

    def _call(self, connection: http.client.HTTPConnection, message_id: str) -> str:
        """Send one message; why it was not acknowledged, or nothing."""
        body = message_id.encode().ljust(self.size_bytes, b".")
        headers = {"X-Road-Client": self.client, "X-Road-Id": message_id}
        try:
            connection.request("POST", f"/r1/{self.service}/echo", body, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as exc:
            return type(exc).__name__
        if answer.status == 200 and answer.headers["X-Road-Id"] == message_id and content == body:
            return ""
        return answer.headers["X-Road-Error"] or f"status {answer.status}"
