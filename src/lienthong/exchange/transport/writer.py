"""Multipart framing as security servers write it, byte for byte.

Source: message-path dossier s.3.5; recordings ``soap/attachment``.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import lru_cache

import msgspec


class Part(msgspec.Struct, frozen=True, gc=False):
    """A part that is wholly in memory."""

    content_type: str
    """Value of its ``content-type``, ISO-8859-1."""
    body: bytes
    """Content as transferred; never encoded further."""
    headers: bytes = b""
    """Further header lines verbatim, each ending in CRLF."""


def write_message(parts: Sequence[Part], *, boundary: str) -> bytes:
    """A whole transport message of small parts."""
    mark = boundary.encode("ascii")
    separator = b"\r\n--%b\r\n" % mark
    return b"%b%b\r\n--%b--\r\n" % (separator[2:], separator.join([_framed(part) for part in parts]), mark)


def _framed(part: Part) -> bytes:
    return _head(part.content_type, part.headers) + part.body


@lru_cache(maxsize=128)
def _head(content_type: str, headers: bytes, name: bytes = b"content-type: ") -> bytes:
    """Few kinds of parts exist, and each goes out with every message."""
    return b"%b%b\r\n%b\r\n" % (name, content_type.encode("latin-1"), headers)


class Framing(Enum):
    """For whom a multipart is written; each has its own habits."""

    SERVERS = "between servers"
    """A transport message."""
    NESTED = "nested"
    """The attachments of a SOAP message inside a transport message: a line end comes before the first delimiter."""
    RELATED = "related"
    """A message to a service or an information system: no blank after ``content-type:``."""


class MultipartWriter:
    """Frames parts one after the other, for messages whose bodies stream past.

    Every method returns the bytes to send; the caller sends the body of an open part itself.
    """

    def __init__(self, boundary: str, framing: Framing = Framing.SERVERS) -> None:
        mark = boundary.encode("ascii")
        self._separator = b"\r\n--%b\r\n" % mark
        self._next = self._separator if framing is Framing.NESTED else self._separator[2:]
        self._close = b"\r\n--%b--\r\n" % mark
        self._name = b"content-type:" if framing is Framing.RELATED else b"content-type: "

    def open_part(self, content_type: str, headers: bytes = b"") -> bytes:
        """Delimiter and header block of a part whose body follows."""
        head = self._next + _head(content_type, headers, self._name)
        self._next = self._separator
        return head

    def write_part(self, part: Part) -> bytes:
        """A whole part."""
        return self.open_part(part.content_type, part.headers) + part.body

    def close(self) -> bytes:
        """The closing delimiter."""
        return self._close
