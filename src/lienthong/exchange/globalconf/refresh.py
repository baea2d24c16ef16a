"""What to do with a verified directory: which parts to fetch, to keep and to drop, and what the result says.

Pure decisions; the adapter carries them out. Source: governance dossier s.1.6 steps 4–7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lienthong.exchange.globalconf.directory import (
    PRIVATE_PARAMETERS,
    SHARED_PARAMETERS,
    DirectoryPart,
    SignedDirectory,
)
from lienthong.exchange.globalconf.faults import Code, refuse
from lienthong.exchange.globalconf.metadata import PartMetadata
from lienthong.exchange.globalconf.model import GlobalConf
from lienthong.exchange.globalconf.optional_parts import check_optional_part, with_optional_parts
from lienthong.exchange.globalconf.registry import codec_for

FILE_NAMES = {SHARED_PARAMETERS: "shared-params.xml", PRIVATE_PARAMETERS: "private-params.xml"}
_SAFE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPart:
    """A part as it lies on disk."""

    data: bytes
    """The file."""
    metadata: PartMetadata
    """The JSON beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshPlan:
    """The parts of the next generation, by file name."""

    keep: Mapping[str, DirectoryPart]
    """The stored file is the listed one; only its metadata are renewed."""
    download: Mapping[str, DirectoryPart]
    """To be fetched."""


def plan_refresh(
    directory: SignedDirectory, instance: str, stored: Mapping[str, bytes], *, shared_only: bool
) -> RefreshPlan:
    """Decide what to fetch.

    Args:
        stored: Files held of that instance, by name.
        shared_only: Whether the instance is a federated one, of which only shared parameters are taken.
    Raises:
        Fault: a required part is not listed, or a file name cannot be used.
    """
    wanted = _wanted(directory, instance, shared_only=shared_only)
    keep = {name: part for name, part in wanted.items() if name in stored and _is_same(part, stored[name])}
    return RefreshPlan(keep=keep, download={name: part for name, part in wanted.items() if name not in keep})


def assemble(directory: SignedDirectory, instance: str, files: Mapping[str, bytes]) -> dict[str, StoredPart]:
    """Check every file of the next generation and give it its metadata.

    Raises:
        Fault: a file is not the listed one, not valid in the directory's version, or speaks of another instance.
    """
    listed = _wanted(directory, instance, shared_only=FILE_NAMES[PRIVATE_PARAMETERS] not in files)
    stored = {}
    for name, data in files.items():
        part = listed[name]
        part.require_intact(data)
        check_part(part, data, directory.version)
        stored[name] = StoredPart(
            data=data,
            metadata=PartMetadata(
                identifier=part.identifier,
                instance=instance,
                expires=directory.expires,
                file_name=None if part.identifier in FILE_NAMES else name,
                location=part.location,
                version=directory.version,
            ),
        )
    return stored


def check_part(part: DirectoryPart, data: bytes, version: int) -> None:
    """Hold a file against its version's tables, and its instance against the directory's; raises Fault."""
    codec = codec_for(version)
    if part.identifier == SHARED_PARAMETERS:
        written = codec.read_shared(data).instance
    elif part.identifier == PRIVATE_PARAMETERS:
        written = codec.read_private(data).instance
    else:
        check_optional_part(part.identifier, data)
        return
    if written != part.instance:
        raise refuse(Code.INSTANCE, f"{part.location} speaks of instance {written!r}, not of {part.instance!r}")


def configuration_from(parts: Mapping[str, StoredPart]) -> GlobalConf:
    """The configuration that stored parts make, by file name; raises Fault ``malformed_global_conf``."""
    shared = parts.get(FILE_NAMES[SHARED_PARAMETERS])
    if shared is None:
        raise refuse(Code.MALFORMED, "there are no shared parameters")
    private = parts.get(FILE_NAMES[PRIVATE_PARAMETERS])
    conf = GlobalConf(
        version=shared.metadata.version,
        shared=codec_for(shared.metadata.version).read_shared(shared.data),
        private=None if private is None else codec_for(private.metadata.version).read_private(private.data),
        expires=earliest_expiry(parts),
    )
    extra = {part.metadata.identifier: part.data for part in parts.values() if part.metadata.identifier is not None}
    return with_optional_parts(conf, extra)


def earliest_expiry(parts: Mapping[str, StoredPart]) -> datetime | None:
    """When the first of shared and private parameters expires; None where nothing says so. Source: s.1.7."""
    required = (parts[name] for name in FILE_NAMES.values() if name in parts)
    return min((part.metadata.expires for part in required if part.metadata.expires is not None), default=None)


def _is_same(part: DirectoryPart, data: bytes) -> bool:
    return part.digest.algorithm.digest(data) == part.digest


def _wanted(directory: SignedDirectory, instance: str, *, shared_only: bool) -> dict[str, DirectoryPart]:
    required = (SHARED_PARAMETERS,) if shared_only else (SHARED_PARAMETERS, PRIVATE_PARAMETERS)
    wanted: dict[str, DirectoryPart] = {}
    for identifier in required:
        part = directory.part(identifier, instance)
        if part is None:
            raise refuse(Code.DIRECTORY, f"the directory lists no {identifier} of instance {instance!r}")
        wanted[FILE_NAMES[identifier]] = part
    if shared_only:
        return wanted
    for part in directory.parts:
        if part.identifier not in FILE_NAMES and part.instance in {None, instance}:
            name = _file_name(part)
            if name in wanted:
                raise refuse(Code.DIRECTORY, f"two parts have the file name {name!r}")
            wanted[name] = part
    return wanted


def _file_name(part: DirectoryPart) -> str:
    name = part.location.rpartition("/")[2]
    if not _SAFE_NAME.fullmatch(name) or name.endswith(".metadata"):
        raise refuse(Code.FILE_SAVE, f"{part.location} cannot be stored under its name")
    return name
