"""The JSON beside every stored part; scripts of others read it. Source: governance dossier s.1.6."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from lienthong.exchange.globalconf.lexical import read_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class PartMetadata:
    """What is known of a stored part."""

    identifier: str | None = None
    """Content identifier."""
    instance: str | None = None
    """Instance identifier."""
    expires: datetime | None = None
    """Aware; None: never."""
    file_name: str | None = None
    """Name it was published under, where that differs by part."""
    location: str | None = None
    """Content-location."""
    version: int = 2
    """Wire version; 2 where nothing is said."""


class _Written(msgspec.Struct, rename="camel"):
    content_identifier: str | None = None
    instance_identifier: str | None = None
    expiration_date: str | None = None
    content_file_name: str | None = None
    content_location: str | None = None
    configuration_version: str | int | None = None


def read_metadata(data: bytes) -> PartMetadata:
    """Read metadata; missing or garbled ones mean version 2 that never expires, as at genuine servers."""
    try:
        written = msgspec.json.decode(data, type=_Written)
        version = int(written.configuration_version or 2)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return PartMetadata()
    return PartMetadata(
        identifier=written.content_identifier,
        instance=written.instance_identifier,
        expires=read_instant(written.expiration_date or ""),
        file_name=written.content_file_name,
        location=written.content_location,
        version=version,
    )


def write_metadata(metadata: PartMetadata) -> bytes:
    """Write metadata as genuine clients do."""
    expires = metadata.expires
    written = _Written(
        content_identifier=metadata.identifier,
        instance_identifier=metadata.instance,
        expiration_date=None if expires is None else f"{expires.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        content_file_name=metadata.file_name,
        content_location=metadata.location,
        configuration_version=str(metadata.version),
    )
    return msgspec.json.encode(written)
