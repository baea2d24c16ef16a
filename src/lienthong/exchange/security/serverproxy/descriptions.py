"""Descriptions of services, from where the settings say they are. Source: message-path dossier s.7.3, s.7.5."""

from __future__ import annotations

import asyncio
from pathlib import Path

from lienthong.exchange.errors import Fault
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.ports import ServiceCall
from lienthong.exchange.security.serverproxy.service import CODINGS, decoded
from lienthong.exchange.serverconf.settings import Settings

MAX_DESCRIPTION = 10 * 1024 * 1024
_JSON, _YAML = "application/json", "application/yaml"


async def fetch_description(
    means: Facilities, settings: Settings, place: str, *, code: str = "internal_error"
) -> tuple[bytes, str]:
    """A document and its content type, from an http(s) address or from a file, which may start at the data folder.

    Raises:
        Fault: *code* without a usable document, else as :func:`~.service.call_service`.
    """
    try:
        if place.startswith(("http://", "https://")):
            return await _download(means, settings, place)
        return await asyncio.to_thread(_read, settings.data / place)
    except _UnusableError as exc:
        raise Fault(code, str(exc)) from exc


class _UnusableError(Exception):
    """There is no usable document; the text says why."""


async def _download(means: Facilities, settings: Settings, address: str) -> tuple[bytes, str]:
    timeout = settings.limits.service_timeout
    asked = ServiceCall(
        method="GET", url=address, headers=(CODINGS,), body=b"", timeout=timeout, trusted_certificates=None
    )
    async with means.services.call(asked) as reply:
        if reply.status != 200:
            raise _UnusableError(f"The service description's server answered with status {reply.status}")
        document = b""
        async for data in decoded(reply)[0]:
            document += data
            _require_size(len(document))
        return document, (reply.header(b"content-type") or _JSON.encode()).decode("latin-1")


def _read(path: Path) -> tuple[bytes, str]:
    try:
        _require_size(path.stat().st_size)
        return path.read_bytes(), _JSON if path.suffix == ".json" else _YAML
    except OSError as exc:
        raise _UnusableError(f"The service description cannot be read: {exc.strerror}") from exc


def _require_size(size: int) -> None:
    if size > MAX_DESCRIPTION:
        raise _UnusableError(f"The service description is longer than {MAX_DESCRIPTION} bytes")
