"""The message log as the flows see it, over whichever engine the settings name."""

from __future__ import annotations

from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.errors import Fault
from lienthong.exchange.messagelog.entries import Body, MessageJournal
from lienthong.exchange.messagelog.record import BodyState, LogRecord
from lienthong.exchange.security.ports import SpooledBody


class DurableLog:
    """Appends and waits until it is durable; a failure is the fault the protocol knows."""

    def __init__(self, journal: MessageJournal, *, truncated_bytes: int) -> None:
        self._journal = journal
        self._truncated_bytes = truncated_bytes

    async def append(self, record: LogRecord, body: SpooledBody | None) -> None:
        """See :class:`~lienthong.exchange.security.ports.MessageLog`."""
        streamed = None if body is None else Body(chunks=body.chunks(), kept_bytes=self._kept(record))
        try:
            await self._journal.append(record, body=streamed)
        except JournalError as exc:
            raise Fault("logging_failed", f"The message cannot be logged, so it is not passed on: {exc}") from exc

    def _kept(self, record: LogRecord) -> int:
        if record.body_state is BodyState.TRUNCATED:
            return min(record.body_size, self._truncated_bytes)
        return record.body_size
