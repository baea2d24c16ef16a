"""The configuration of one system's process, read once from a TOML file. Secrets are named by file, never written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import date
from functools import lru_cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, TypeVar

from lienthong.systems.foundation.errors import ConfigurationError

_T = TypeVar("_T")

_network = lru_cache(maxsize=256)(ip_network)
"""Every request is compared with the same few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseConfig:
    """Where a system keeps its records: one SQLite file in the data folder, or a PostgreSQL database."""

    engine: str = "sqlite"
    """``sqlite`` or ``postgresql``."""
    name: str = ""
    """PostgreSQL database; for SQLite the file in the data folder, ``records.sqlite3`` when empty."""
    host: str = ""
    """PostgreSQL host or socket folder."""
    port: int = 5432
    """PostgreSQL port."""
    user: str = ""
    """PostgreSQL role."""
    password_file: str = ""
    """File holding the role's password; none when empty."""

    def __post_init__(self) -> None:
        if self.engine not in {"sqlite", "postgresql"}:
            raise ConfigurationError(f"database.engine is {self.engine!r}: write sqlite or postgresql")
        if self.engine == "postgresql" and not self.name:
            raise ConfigurationError("database.name is missing: name the PostgreSQL database")


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsConfig:
    """TLS of the listener; with a client authority only its holders (the security server) are let in."""

    certificate: str
    """PEM certificate file."""
    key: str
    """PEM private key file."""
    client_authority: str = ""
    """PEM certificates a client must be issued by; "" asks none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemConfig:
    """Everything a system's process is told from outside."""

    data_folder: Path
    """Folder of the database file and of the generated secret, made when absent."""
    host: str = "127.0.0.1"
    """Address to listen on; loopback by default, as the security server stands beside the system."""
    port: int = 8600
    """Port to listen on."""
    threads: int = 4
    """Requests handled at one time."""
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    """Host names under which the system answers."""
    public_url: str = ""
    """Address citizens see in links; ``http://host:port`` when empty."""
    as_of: date | None = None
    """Legal day the system lives in (units, terms); today when None."""
    database: DatabaseConfig = field(default_factory=DatabaseConfig)
    """Where records are kept."""
    tls: TlsConfig | None = None
    """TLS of the listener; None for plain HTTP on loopback."""
    callers: tuple[str, ...] = ("127.0.0.0/8", "::1")
    """Addresses or networks of the security servers whose calls are taken; pages are open to everybody."""
    own: Mapping[str, Any] = field(default_factory=dict)
    """The system's own table, read by the system."""

    def __post_init__(self) -> None:
        for text in self.callers:
            try:
                _network(text)
            except ValueError as exc:
                cure = "write addresses or networks such as 10.1.2.3 or 10.1.2.0/24"
                raise ConfigurationError(f"callers holds {text!r}, which is no network: {cure}") from exc

    def takes_calls_from(self, address: str) -> bool:
        """Whether the peer at an IP address may call operations; text that is no address may not."""
        try:
            peer = ip_address(address)
        except ValueError:
            return False
        plain = getattr(peer, "ipv4_mapped", None) or peer
        return any(plain in _network(text) for text in self.callers)

    @property
    def base_url(self) -> str:
        """Address of the system's pages without a trailing slash."""
        scheme = "http" if self.tls is None else "https"
        return self.public_url.rstrip("/") or f"{scheme}://{self.host}:{self.port}"


def read_config(path: Path, *, system: str) -> SystemConfig:
    """Read *path*; relative folders count from the file's own folder.

    Raises:
        ConfigurationError: the file is absent, not TOML, or has an unknown, missing or ill-typed key.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise ConfigurationError(
            f"{path} cannot be read ({exc.strerror}): give --config an existing TOML file"
        ) from exc
    except tomllib.TOMLDecodeError as exc:
        raise ConfigurationError(f"{path} is not TOML: {exc}") from exc
    return parse_config(table, folder=path.resolve().parent, system=system)


def parse_config(table: Mapping[str, Any], *, folder: Path, system: str) -> SystemConfig:
    """Turn a TOML table into a configuration; the system's own options sit in the table named after it."""
    fields = dict(table)
    own = fields.pop(system, {})
    if "data_folder" not in fields:
        raise ConfigurationError("data_folder is missing: name the folder for the database and the secret")
    fields["data_folder"] = folder / str(fields["data_folder"])
    for name in ("allowed_hosts", "callers"):
        if name in fields:
            fields[name] = _texts(fields[name], name)
    fields["database"] = build_section(DatabaseConfig, fields.get("database", {}), "database.")
    if "tls" in fields:
        fields["tls"] = build_section(TlsConfig, fields["tls"], "tls.")
    as_of = fields.get("as_of")
    if as_of is not None and type(as_of) is not date:
        raise ConfigurationError("as_of is no date: write it as 2020-08-31, without quotes")
    return build_section(SystemConfig, {**fields, "own": own}, "")


def build_section(kind: type[_T], fields: Mapping[str, Any], place: str = "") -> _T:
    """Build the frozen dataclass *kind* of a TOML table; unknown and missing keys are errors that name *place*."""
    known = {f.name: f for f in dataclass_fields(kind)}  # type: ignore[arg-type]  # kind is a dataclass by contract
    for name, value in fields.items():
        if name not in known:
            raise ConfigurationError(f"{place}{name} is unknown: known are {', '.join(sorted(known))}")
        expected = _PLAIN.get(str(known[name].type))
        if expected is not None and type(value) is not expected:
            raise ConfigurationError(f"{place}{name} must be of type {expected.__name__}")
    try:
        return kind(**fields)
    except TypeError as exc:
        raise ConfigurationError(f"{place.rstrip('.') or 'the file'} lacks a key: {exc}") from exc


def _texts(values: object, name: str) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ConfigurationError(f"{name} must be a list of texts")
    return tuple(values)


_PLAIN: dict[str, type] = {"str": str, "int": int, "bool": bool}
"""Types checked before building, by annotation."""
