"""OpenAPI documents of services, from where the settings say they are. Source: message-path dossier s.7.5."""

from __future__ import annotations

import asyncio
from pathlib import Path

from lienthong.exchange.errors import Fault
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.ports import ServiceCall
from lienthong.exchange.security.serverproxy.call import ProviderCall
from lienthong.exchange.security.serverproxy.service import CODINGS, decoded

MAX_DESCRIPTION = 10 * 1024 * 1024
_JSON, _YAML = "application/json", "application/yaml"


async def fetch_description(means: Facilities, call: ProviderCall, place: str) -> tuple[bytes, str]:
    """A document and its content type, from an http(s) address or from a file, which may start at the data folder.

    Raises:
        Fault: ``internal_error`` without a usable document, else as :func:`~.service.call_service`.
    """
    if place.startswith(("http://", "https://")):
        return await _download(means, call, place)
    return await asyncio.to_thread(_read, call.snapshot.settings.data / place)


async def _download(means: Facilities, call: ProviderCall, address: str) -> tuple[bytes, str]:
    timeout = call.snapshot.settings.limits.service_timeout
    asked = ServiceCall(
        method="GET", url=address, headers=(CODINGS,), body=b"", timeout=timeout, trusted_certificates=None
    )
    async with means.services.call(asked) as reply:
        if reply.status != 200:
            raise Fault("internal_error", f"The service description's server answered with status {reply.status}")
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
        raise Fault("internal_error", f"The service description cannot be read: {exc.strerror}") from exc


def _require_size(size: int) -> None:
    if size > MAX_DESCRIPTION:
        raise Fault("internal_error", f"The service description is longer than {MAX_DESCRIPTION} bytes")
