"""Our security server, the real one: a worker's own composition on real sockets, with its clock stopped."""

from __future__ import annotations

import os
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.fakes.lost_key import LostKey
from tests.live.configuration import certificate, key

from lienthong.exchange.adapters.http_server import listen
from lienthong.exchange.adapters.log_database_sqlite import SqliteDatabase
from lienthong.exchange.adapters.log_index import LogIndex
from lienthong.exchange.adapters.log_index_choice import INDEX_FILE, JOURNAL_FOLDER
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.messagelog.container import export_container
from lienthong.exchange.messagelog.entries import LogEntry, LogQuery, MessageIndex
from lienthong.exchange.security import listeners
from lienthong.exchange.security.cycles.timestamps import Authorities, stamp_pending
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.security.ports import Surroundings
from lienthong.exchange.security.worker import Worker, open_worker
from lienthong.trust.timestamps import TokenDetails, issue_reply

HOST = "127.82.31.1"


@dataclass
class Moment:
    """The clock and the randomness of a server: both stand still until a test moves them."""

    at: datetime
    uuids: deque[str] = field(default_factory=deque)
    """Handed out first; when none is left, random ones."""
    on_taken: Callable[[], None] = lambda: None
    """Told when the last of ``uuids`` was taken."""

    def clock(self) -> datetime:
        return self.at

    def uuid(self) -> str:
        if not self.uuids:
            return str(uuid.uuid4())
        taken = self.uuids.popleft()
        if not self.uuids:
            self.on_taken()
        return taken


class OurServer:
    """A running server of ours."""

    def __init__(self, paths: DataPaths, moment: Moment, *, host: str = HOST) -> None:
        self.moment = moment
        self._paths = paths
        self._stack = AsyncExitStack()
        self._sockets = {name: listen(host, 0) for name in (listeners.SYSTEMS, listeners.SERVERS, listeners.OCSP)}
        self._worker: Worker | None = None
        self._serial = 0

    def port(self, name: str) -> int:
        port: int = self._sockets[name].getsockname()[1]
        return port

    async def open(self) -> None:
        surroundings = Surroundings(clock=self.moment.clock, uuids=self.moment.uuid, random_bytes=os.urandom)
        self._worker = await open_worker(0, self._paths, self._sockets, self._stack, surroundings=surroundings)
        await self._worker.reload()
        assert self._worker.state.snapshot is not None, "the data folder cannot be read"

    def lose_key(self, member: ClientId) -> None:
        """Let the token of a member go away while the server runs; nothing where it holds no such key."""
        assert self._worker is not None
        state = self._worker.state
        held = state.current().signers
        if member not in held:
            return
        signer = held[member]
        identity = replace(signer.identity, key=LostKey(signer.identity.key))
        state.snapshot = replace(state.current(), signers={**held, member: replace(signer, identity=identity)})

    def closing(self, also: Callable[[], Awaitable[None]]) -> None:
        """End something else with this server."""
        self._stack.push_async_callback(also)

    async def close(self) -> None:
        if self._worker is not None:
            await self._worker.listeners.close(0.0)
        await self._stack.aclose()
        for opened in self._sockets.values():
            opened.close()

    def logged(self, message_id: str) -> list[tuple[str, bytes]]:
        """``request`` or ``response`` and the message itself, for each record of a message."""
        with self._index() as index:
            entries = index.search(LogQuery(message_id=message_id))
            return [("response" if entry.is_response else "request", index.read(entry).message) for entry in entries]

    async def exported(self) -> list[bytes]:
        """A container for each record of the log, stamped now."""
        with self._index() as index:
            authorities = Authorities(urls=["tsa"], certificates=[certificate("tsa")])
            while await stamp_pending(index, authorities, self._stamp):
                pass
            return [_export(index, entry) for entry in index.search(LogQuery(), limit=1000)]

    def _index(self) -> LogIndex:
        index = LogIndex(SqliteDatabase(self._paths.data / INDEX_FILE), self._paths.data / JOURNAL_FOLDER)
        index.update()
        return index

    async def _stamp(self, _url: str, query: bytes) -> bytes:
        self._serial += 1
        details = TokenDetails(
            serial=self._serial, gen_time=self.moment.at.replace(microsecond=0), policy_oid="1.2.3.4.5"
        )
        return issue_reply(query, details, certificate=certificate("tsa"), key=key("tsa"))


def _export(index: MessageIndex, entry: LogEntry) -> bytes:
    timestamp = index.timestamp_of(entry.number)
    return export_container(index.read(entry), number=entry.number, timestamp=timestamp).data
