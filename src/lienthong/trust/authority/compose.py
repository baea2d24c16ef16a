"""The authority's process: settings from one TOML file, everything put together, served until told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from aiohttp import web

from lienthong.trust.algorithms import KeyType
from lienthong.trust.authority.authority import Authority, create_authority, open_authority
from lienthong.trust.authority.settings import AuthoritySettings, Surroundings
from lienthong.trust.authority.web import make_app
from lienthong.trust.errors import AuthorityError
from lienthong.trust.tokens import read_password

_SECONDS = ("ocsp_refresh", "ocsp_validity", "crl_refresh", "crl_validity", "backdating")
_TEXTS = ("country", "organization", "common_name", "public_url", "policy_oid")
_FILES = {"folder", "password_file", "ra_token_file", "host", "port"}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityConfig:
    """One TOML file, read once. Relative paths are relative to the file."""

    folder: Path
    """Where the authority keeps everything."""
    password_file: Path
    """Holds the password of its keys."""
    ra_token_file: Path | None
    """Holds the RA's shared secret; None closes the RA."""
    host: str
    """Address to listen on."""
    port: int
    """Port to listen on."""
    settings: AuthoritySettings
    """What the authority is told."""


def read_config(path: Path) -> AuthorityConfig:
    """Read the ``[authority]`` table; unknown keys and wrong values are errors. Raises AuthorityError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))["authority"]
        return _config(table, path.parent)
    except OSError as exc:
        raise AuthorityError(f"{path.name} cannot be read: {exc.strerror}") from exc
    except KeyError as exc:
        raise AuthorityError(f"{path.name} lacks {exc}") from exc
    except (ValueError, TypeError) as exc:
        raise AuthorityError(f"{path.name}: {exc}") from exc


def _config(table: dict[str, object], base: Path) -> AuthorityConfig:
    known = _FILES | set(_TEXTS) | {f"{name}_seconds" for name in _SECONDS} | {"key_type", "rsa_bits", "sign_subject"}
    unknown = set(table) - known - {"ocsp_by_name"}
    if unknown:
        raise ValueError(f"unknown keys {sorted(unknown)}")
    ra_token_file = table.get("ra_token_file")
    return AuthorityConfig(
        folder=base / str(table["folder"]),
        password_file=base / str(table["password_file"]),
        ra_token_file=None if ra_token_file is None else base / str(ra_token_file),
        host=str(table.get("host", "127.0.0.1")),
        port=int(str(table.get("port", 8888))),
        settings=_settings(table),
    )


def _settings(table: dict[str, object]) -> AuthoritySettings:
    given: dict[str, object] = {name: str(table[name]) for name in _TEXTS if name in table}
    given |= {name: timedelta(seconds=_number(table, name)) for name in _SECONDS if f"{name}_seconds" in table}
    if "key_type" in table:
        given["key_type"] = KeyType(table["key_type"])
    if "rsa_bits" in table:
        given["rsa_bits"] = int(str(table["rsa_bits"]))
    if "ocsp_by_name" in table:
        given["ocsp_by_name"] = table["ocsp_by_name"] is True
    subject = table.get("sign_subject")
    if isinstance(subject, list):
        given["sign_subject"] = tuple(str(oid) for oid in subject)
    return AuthoritySettings(**given)  # type: ignore[arg-type]  # each value is converted above, by name


def _number(table: dict[str, object], name: str) -> float:
    return float(str(table[f"{name}_seconds"]))


def make_authority(config: AuthorityConfig) -> Authority:
    """Open the configured authority with the machine's clock and randomness, or found it where there is none."""
    surroundings = Surroundings(clock=lambda: datetime.now(UTC), random_bytes=os.urandom)
    password = read_password(config.password_file)
    make = open_authority if (config.folder / "tokens").is_dir() else create_authority
    return make(config.folder, config.settings, password=password, surroundings=surroundings)


async def serve(config_path: Path) -> None:
    """Serve the authority until SIGTERM or SIGINT; raises AuthorityError, KeyAccessError before it listens."""
    config = read_config(config_path)
    authority = make_authority(config)
    ra_token = None if config.ra_token_file is None else read_password(config.ra_token_file)
    runner = web.AppRunner(make_app(authority, ra_token=ra_token), access_log=None)
    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    try:
        await runner.setup()
        await web.TCPSite(runner, config.host, config.port).start()
        log.info("authority_listening", host=config.host, port=config.port, issuing_ca=authority.issuing.subject)
        async with asyncio.TaskGroup() as tasks:
            refreshing = tasks.create_task(_keep_fresh(authority))
            await stop.wait()
            refreshing.cancel()
    finally:
        await runner.cleanup()
        authority.close()
        log.info("authority_stopped")


async def _keep_fresh(authority: Authority) -> None:
    pause = authority.settings.ocsp_refresh.total_seconds() / 4
    while True:
        signed = 0
        for _ in authority.refresh_answers():
            signed += 1
            await asyncio.sleep(0)
        log.info("ocsp_answers_refreshed", signed=signed)
        await asyncio.sleep(pause)
