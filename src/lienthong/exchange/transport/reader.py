"""A multipart reader that is fed bytes and answers events; it does no I/O and keeps no body.

Flat and raw: transfer encodings are never decoded, so digests are over the bytes as transferred. Bare LF is accepted
for CRLF, preamble and epilogue are ignored. A part that ends with the input instead of a delimiter is handed over as
it came (:attr:`End.is_complete` says so): whether the message is whole is what its signature decides.
Source: RFC 2046 s.5.1; message-path dossier s.3.5.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from lienthong.exchange.errors import Fault

MAX_HEADER_LINE = 1000
"""Characters of one header line, its line end included."""
MAX_HEADER_BLOCK = 10_000
"""Bytes of the header block of one part."""
MAX_HEADERS = 1000
"""Header lines of one part."""
MAX_PADDING = 1000
"""Blanks after a boundary, before the end of its line."""

_CR = 0x0D
_CLOSES, _UNDECIDED, _NO_DELIMITER = -1, -2, -3
_LINE_END = re.compile(rb"[ \t]*\r?\n")
_UNFINISHED = re.compile(rb"-|[ \t]*\r?")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_LINE = re.compile(rb"[^\n]*\n(?:[ \t]+[^\n]*\n)*")
"""A header line with what is folded into it."""


@dataclass(frozen=True, slots=True)
class PartStart:
    """A part begins."""

    header_block: bytes
    """Its header lines as received, line ends included, without the blank line."""

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """Names as received and values without surrounding blanks; folded lines joined by one blank."""
        return _pairs(self.header_block)

    @property
    def content_type(self) -> str:
        """Value of its Content-Type, or empty where it has none."""
        return _content_type(self.header_block)

    @property
    def further_headers(self) -> bytes:
        """Its other header lines, verbatim but for their line ends, which are CRLF."""
        return _further_headers(self.header_block)


@dataclass(frozen=True, slots=True)
class PartData:
    """Content of the current part; a part has none, one or many."""

    data: bytes


@dataclass(frozen=True, slots=True)
class PartEnd:
    """The current part is over."""


@dataclass(frozen=True, slots=True)
class End:
    """The message is over."""

    is_complete: bool = field(default=True)
    """Whether a closing delimiter was seen."""
    in_part: bool = field(default=False)
    """Whether the last part ended with the input instead of a delimiter."""


Event = PartStart | PartData | PartEnd | End
WholePart = tuple[PartStart, bytes]
"""Header block and content."""
_PART_END = PartEnd()
_END = End()


class MultipartReader:
    """Turns the bytes of a multipart body into events, however they are cut.

    Keeps at most one header block or one boundary line between calls.
    """

    __slots__ = ("_buffer", "_delimiter", "_in_part", "_is_begun", "_position", "_skip", "_step")

    def __init__(self, boundary: str) -> None:
        self._delimiter = b"\n--" + boundary.encode("ascii")
        self._buffer = b"\n"
        self._position = 0
        self._skip = 1
        self._in_part = False
        self._is_begun = False
        self._step: Callable[[list[Event]], bool] | None = self._content

    def feed(self, data: bytes) -> list[Event]:
        """The events that *data* completes.

        Raises:
            Fault: ``mime_parsing_failed`` when a header block exceeds a limit.
        """
        self._is_begun = True
        self._buffer = self._buffer + data if self._buffer else data
        events: list[Event] = []
        while self._step is not None and self._step(events):
            pass
        self._buffer = self._buffer[self._position :] if self._step else b""
        self._position = 0
        return events

    def close(self) -> list[Event]:
        """The events that the end of input brings; none after :class:`End` was given.

        Raises:
            Fault: ``invalid_message`` when the input ends inside the headers of a part.
        """
        step, self._step = self._step, None
        if step is None:
            return []
        if step == self._headers:
            raise Fault("invalid_message", "Message ends inside the headers of a part")
        events: list[Event] = []
        end = self._end_of_input()
        if self._in_part:
            self._emit(events, end)
            events.append(_PART_END)
        events.append(End(is_complete=False, in_part=self._in_part and end == len(self._buffer)))
        return events

    def read_whole(self, data: bytes) -> list[WholePart] | None:
        """The parts of a usual message that came in one piece, after which nothing is to be fed, or None.

        Most messages are small and usual. Whatever is not exactly as servers write it is to be fed.
        """
        if self._is_begun:
            return None
        self._is_begun = True
        mark = self._delimiter[1:]
        if not data.startswith(mark + b"\r\n") or not data.endswith(b"\r\n%b--\r\n" % mark):
            return None
        inner = data[len(mark) + 2 : -len(mark) - 6]
        pieces = inner.split(b"\r\n%b\r\n" % mark)
        if inner.count(self._delimiter) != len(pieces) - 1:
            return None
        parts: list[WholePart] = []
        for piece in pieces:
            block, blank, content = piece.partition(b"\r\n\r\n")
            start = _usual_start(block) if blank and len(block) < MAX_HEADER_LINE else None
            if start is None:
                return None
            parts.append((start, content))
        self._step = None
        return parts

    def _content(self, events: list[Event]) -> bool:
        buffer, delimiter = self._buffer, self._delimiter
        index = buffer.find(delimiter, self._position)
        while index >= 0:
            line = index + len(delimiter)
            after = _after_delimiter(buffer, line)
            if after > 0:
                self._finish_part(events, index)
                self._position, self._step = after - 1, self._headers
                return True
            if after == _CLOSES:
                self._finish_part(events, index)
                events.append(_END)
                self._step = None
                return False
            if after == _UNDECIDED:
                self._emit(events, _before_line_end(buffer, index))
                return False
            index = buffer.find(delimiter, index + 1)
        self._emit(events, self._possible_delimiter())
        return False

    def _possible_delimiter(self) -> int:
        """Where bytes begin that may turn out to be a delimiter; a delimiter holds LF only at its start."""
        buffer, delimiter = self._buffer, self._delimiter
        index = buffer.rfind(b"\n", max(self._position, len(buffer) - len(delimiter)))
        if index >= 0 and delimiter.startswith(buffer[index:]):
            return _before_line_end(buffer, index)
        return len(buffer) - 1 if buffer.endswith(b"\r") else len(buffer)

    def _emit(self, events: list[Event], end: int) -> None:
        """Hand over content up to *end*, where the part's own content begins after ``_skip`` bytes."""
        start = self._position + self._skip
        if end < start:
            return
        if end > start and self._in_part:
            events.append(PartData(self._buffer[start:end]))
        self._position, self._skip = end, 0

    def _end_of_input(self) -> int:
        """Where content ends with the input: before a delimiter whose line never ended, as other readers have it."""
        buffer = self._buffer
        index = buffer.rfind(self._delimiter)
        if index >= 0 and _after_delimiter(buffer, index + len(self._delimiter)) == _UNDECIDED:
            return _before_line_end(buffer, index)
        return len(buffer)

    def _finish_part(self, events: list[Event], index: int) -> None:
        if self._in_part:
            self._emit(events, _before_line_end(self._buffer, index))
            events.append(_PART_END)
            self._in_part = False

    def _headers(self, events: list[Event]) -> bool:
        buffer, start = self._buffer, self._position + 1
        end = _end_of_headers(buffer, start)
        if end < 0:
            if len(buffer) - start > MAX_HEADER_BLOCK:
                raise Fault("mime_parsing_failed", f"Headers of a part exceed {MAX_HEADER_BLOCK} bytes")
            return False
        if end - start > MAX_HEADER_LINE:
            _check_limits(buffer[start:end])
        events.append(PartStart(buffer[start:end]))
        self._position, self._skip = buffer.index(b"\n", end), 1
        self._in_part, self._step = True, self._content
        return True


def _after_delimiter(buffer: bytes, line: int) -> int:
    """Where the line of a delimiter ends whose mark ended at *line*, or a negative verdict."""
    if buffer.startswith(b"\r\n", line):
        return line + 2
    if buffer.startswith(b"--", line):
        return _CLOSES
    if match := _LINE_END.match(buffer, line, line + MAX_PADDING):
        return match.end()
    is_short = len(buffer) - line < MAX_PADDING
    return _UNDECIDED if is_short and _UNFINISHED.fullmatch(buffer, line) else _NO_DELIMITER


def _pairs(block: bytes) -> tuple[tuple[bytes, bytes], ...]:
    lines = _FOLD.sub(b" ", block).split(b"\n")  # a lone CR ends no line: it could hide a header from another reader
    pairs = (line.partition(b":") for line in lines)
    return tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon)


@lru_cache(maxsize=128)
def _content_type(block: bytes) -> str:
    """Few header blocks exist, and each comes with every message."""
    return next((value.decode("latin-1") for name, value in _pairs(block) if name.lower() == b"content-type"), "")


@lru_cache(maxsize=128)
def _further_headers(block: bytes) -> bytes:
    """A first line that begins with a blank goes on from nothing, and would go on from what is written before it."""
    kept = (line for line in _LINE.findall(block) if not line.startswith((b" ", b"\t")) and not _is_type(line))
    return b"".join(line.removesuffix(b"\n").removesuffix(b"\r") + b"\r\n" for line in kept)


def _is_type(line: bytes) -> bool:
    return line.partition(b":")[0].strip().lower() == b"content-type"


@lru_cache(maxsize=128)
def _usual_start(block: bytes) -> PartStart | None:
    """The start of a part whose header lines (without the last CRLF) end in nothing but CRLF, else None."""
    lines = block.count(b"\r\n")
    if not block or block.startswith(b"\r\n") or not block.count(b"\n") == lines == block.count(b"\r"):
        return None
    return PartStart(block + b"\r\n")


def _before_line_end(buffer: bytes, index: int) -> int:
    """Where the line end begins whose LF is at *index*."""
    return index - 1 if index and buffer[index - 1] == _CR else index


def _end_of_headers(buffer: bytes, start: int) -> int:
    """Where the blank line after a header block begins, or -1 while it has not arrived."""
    crlf = buffer.find(b"\n\r\n", start - 1, start + MAX_HEADER_BLOCK + 3)
    bare = buffer.find(b"\n\n", start - 1, crlf + 1 if crlf >= 0 else start + MAX_HEADER_BLOCK + 3)
    return (crlf if bare < 0 else bare) + 1 or -1


def _check_limits(block: bytes) -> None:
    if len(block) > MAX_HEADER_BLOCK:
        raise Fault("mime_parsing_failed", f"Headers of a part exceed {MAX_HEADER_BLOCK} bytes")
    if block.count(b"\n") > MAX_HEADERS:
        raise Fault("mime_parsing_failed", f"A part has more than {MAX_HEADERS} headers")
    if len(block) > MAX_HEADER_LINE and max(map(len, block.split(b"\n"))) >= MAX_HEADER_LINE:
        raise Fault("mime_parsing_failed", f"A header of a part exceeds {MAX_HEADER_LINE} characters")
