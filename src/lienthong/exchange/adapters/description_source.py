"""Where a description of services comes from: a file or an address, and the documents beside it that it imports.

What a description imports is looked for beside it only: in its folder or on its own server. Nothing that a provider
wrote into a description leads to another place.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import aiohttp

from lienthong.exchange.adapters.http_errors import FetchError

BYTES_MAX = 10 * 1024 * 1024
"""Longest document read."""
_TIMEOUT = aiohttp.ClientTimeout(total=120, connect=20, sock_read=30)
_SCHEMES = ("http://", "https://")


class DescriptionSource:
    """A description's place, absolute: an http(s) address or the name of a file."""

    def __init__(self, place: str) -> None:
        self.place = place
        self._beside: dict[str, bytes | None] = {}

    def read(self) -> bytes:
        """The document.

        Raises:
            FetchError: the address gives none.
            OSError: the file cannot be read.
        """
        return _download(self.place) if self.place.startswith(_SCHEMES) else _read(Path(self.place))

    def beside(self, location: str) -> bytes | None:
        """A document that this one imports, fetched once; None where it is not beside it or cannot be had."""
        if location not in self._beside:
            self._beside[location] = self._find(location)
        return self._beside[location]

    def _find(self, location: str) -> bytes | None:
        try:
            place = self._resolved(location)
            return None if place is None else DescriptionSource(place).read()
        except (FetchError, OSError, ValueError):
            return None

    def _resolved(self, location: str) -> str | None:
        if self.place.startswith(_SCHEMES):
            address = urljoin(self.place, location)
            return address if urlsplit(address)[:2] == urlsplit(self.place)[:2] else None
        folder = Path(self.place).resolve().parent
        path = (folder / location).resolve()
        is_beside = bool(location) and path.is_relative_to(folder) and path.is_file()
        return str(path) if is_beside else None


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        document = stream.read(BYTES_MAX + 1)
    if len(document) > BYTES_MAX:
        raise OSError(f"{path} is longer than {BYTES_MAX} bytes")
    return document


def _download(address: str) -> bytes:
    try:
        return asyncio.run(_get(address))
    except (aiohttp.ClientError, TimeoutError, ValueError) as exc:
        raise FetchError(f"no answer from {address}: {str(exc) or type(exc).__name__}") from exc


async def _get(address: str) -> bytes:
    async with (
        aiohttp.ClientSession(timeout=_TIMEOUT) as session,
        session.get(address, allow_redirects=False) as reply,
    ):
        if reply.status != 200:
            raise FetchError(f"{address} answered HTTP {reply.status}")
        document = bytearray()
        async for chunk in reply.content.iter_chunked(65536):
            document += chunk
            if len(document) > BYTES_MAX:
                raise FetchError(f"{address} answered more than {BYTES_MAX} bytes")
        return bytes(document)
