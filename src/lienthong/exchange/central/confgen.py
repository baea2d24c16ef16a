"""Makes every version of the configuration in memory: all of them, or an error and none. Source: s.1.5."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lienthong.exchange.central.registry import (
    EXTERNAL,
    INTERNAL,
    KINDS,
    KeyEntry,
    Registry,
    active_key,
    private_parameters,
    shared_parameters,
)
from lienthong.exchange.globalconf.codec import Codec
from lienthong.exchange.globalconf.directory import PRIVATE_PARAMETERS, SHARED_PARAMETERS, DirectoryPart
from lienthong.exchange.globalconf.directory_writing import DirectorySigner, write_directory
from lienthong.exchange.globalconf.optional_parts import (
    FETCHINTERVAL,
    FILE_NAMES,
    MONITORING,
    NEXTUPDATE,
    write_fetch_interval,
    write_monitoring,
    write_verify_next_update,
)
from lienthong.exchange.globalconf.refresh import FILE_NAMES as PARAMETER_FILES
from lienthong.exchange.globalconf.registry import CODECS
from lienthong.trust.algorithms import DigestAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.keys import SigningKey

_DIGEST = DigestAlgorithm.SHA512


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningMaterial:
    """The keys that sign, and every key that is announced."""

    entries: Sequence[KeyEntry]
    """Active and inactive, of both kinds."""
    open_key: Callable[[str], SigningKey]
    """Opens a key by its name; raises KeyAccessError."""
    make_boundary: Callable[[], str]
    """Twenty fresh alphanumerics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedVersion:
    """One wire version, ready to be written."""

    version: int
    """2–6."""
    stamp: str
    """Name of the folder of its parts: digits only."""
    files: Mapping[str, bytes]
    """Parts by file name."""
    documents: Mapping[str, bytes]
    """``internalconf`` and ``externalconf``."""


def generate(registry: Registry, material: SigningMaterial, *, now: datetime) -> tuple[GeneratedVersion, ...]:
    """Make every version.

    Raises:
        ConfigurationError: something that must be published is missing.
        KeyAccessError: a key cannot sign.
    """
    signers = {kind: _signer(material, kind) for kind in KINDS}
    stamp = f"{now.astimezone(UTC):%Y%m%d%H%M%S%f}000"
    return tuple(_generate_version(codec, registry, material, signers, (stamp, now)) for codec in CODECS.values())


def _signer(material: SigningMaterial, kind: str) -> DirectorySigner:
    entry = active_key(material.entries, kind)
    return DirectorySigner(
        key=material.open_key(entry.name),
        certificate=Certificate.from_der(entry.certificate_der),
        digest=_DIGEST,
        certificate_hash=_DIGEST,
    )


def _generate_version(
    codec: Codec,
    registry: Registry,
    material: SigningMaterial,
    signers: Mapping[str, DirectorySigner],
    moment: tuple[str, datetime],
) -> GeneratedVersion:
    stamp, now = moment
    contents = {
        SHARED_PARAMETERS: codec.write_shared(shared_parameters(registry, material.entries)),
        PRIVATE_PARAMETERS: codec.write_private(private_parameters(registry)),
        **_optional_contents(registry),
    }
    codec.read_shared(contents[SHARED_PARAMETERS])
    codec.read_private(contents[PRIVATE_PARAMETERS])
    parts = [
        _part(identifier, data, registry.instance, (codec.version, stamp)) for identifier, data in contents.items()
    ]
    listed = {INTERNAL: parts, EXTERNAL: [part for part in parts if part.identifier == SHARED_PARAMETERS]}
    documents = {
        f"{kind}conf": write_directory(
            listed[kind],
            expires=now + registry.expire_interval,
            version=codec.version,
            signer=signers[kind],
            boundaries=(material.make_boundary(), material.make_boundary()),
        )
        for kind in KINDS
    }
    files = {_file_name(identifier): data for identifier, data in contents.items()}
    return GeneratedVersion(version=codec.version, stamp=stamp, files=files, documents=documents)


def _optional_contents(registry: Registry) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    if registry.monitoring_client is not None:
        contents[MONITORING] = write_monitoring(registry.monitoring_client)
    if registry.verify_next_update is not None:
        contents[NEXTUPDATE] = write_verify_next_update(registry.verify_next_update)
    if registry.ocsp_fetch_interval is not None:
        contents[FETCHINTERVAL] = write_fetch_interval(registry.ocsp_fetch_interval)
    return contents


def _file_name(identifier: str) -> str:
    return PARAMETER_FILES.get(identifier) or FILE_NAMES[identifier]


def _part(identifier: str, data: bytes, instance: str, place: tuple[int, str]) -> DirectoryPart:
    version, stamp = place
    return DirectoryPart(
        identifier=identifier,
        instance=instance,
        location=f"/V{version}/{stamp}/{_file_name(identifier)}",
        digest=_DIGEST.digest(data),
    )
