"""The central server's SQLite file: registry, signing keys, history of changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from lienthong.exchange.central.registry import KeyEntry, Registry
from lienthong.exchange.central.registry_rows import load_registry, save_registry
from lienthong.exchange.errors import ConfigurationError

_BUSY_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One change, as it was made."""

    at: datetime
    """Aware UTC."""
    event: str
    """Past tense, such as ``key_added``."""
    detail: str
    """What changed, for people."""


class CentralDatabase:
    """Opened anew for every use: safe in threads, and a killed process leaves the last whole transaction."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def exists(self) -> bool:
        """Whether ``central init`` was done."""
        return self._path.exists()

    def create(self, registry: Registry, keys: Sequence[KeyEntry], *, at: datetime) -> None:
        """Make the file with its first registry and keys; raises ConfigurationError where there is one already."""
        if self.exists:
            raise ConfigurationError(f"{self._path} exists already; nothing was changed")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        schema = files("lienthong.exchange.central").joinpath("schema.sql").read_text(encoding="utf-8")
        temporary = self._path.with_name(f".{self._path.name}.new")
        temporary.unlink(missing_ok=True)
        connection = sqlite3.connect(temporary, isolation_level=None)
        try:
            connection.executescript(schema)
            connection.execute("BEGIN")
            save_registry(connection, registry)
            for key in keys:
                _insert_key(connection, key)
            _note(connection, at, "initialized", registry.instance)
            connection.execute("COMMIT")
        finally:
            connection.close()
        temporary.replace(self._path)

    def registry(self) -> Registry:
        """Everything declared; raises ConfigurationError before ``central init``."""
        with self._transaction() as connection:
            return load_registry(connection)

    def replace_registry(self, registry: Registry, changes: Sequence[str], *, at: datetime) -> None:
        """Put a whole new registry in place and note what changed."""
        with self._transaction() as connection:
            save_registry(connection, registry)
            _note(connection, at, "registry_applied", "\n".join(changes))

    def signing_keys(self) -> tuple[KeyEntry, ...]:
        """Every signing key, oldest first."""
        with self._transaction() as connection:
            rows = connection.execute(
                "SELECT name, kind, certificate, is_active, created_at FROM signing_key ORDER BY kind DESC, created_at"
            ).fetchall()
        return tuple(
            KeyEntry(
                name=name,
                kind=kind,
                certificate_der=der,
                is_active=bool(is_active),
                created_at=datetime.fromisoformat(created_at),
            )
            for name, kind, der, is_active, created_at in rows
        )

    def add_key(self, key: KeyEntry, *, at: datetime) -> None:
        """Keep a new key's entry."""
        with self._transaction() as connection:
            _insert_key(connection, key)
            _note(connection, at, "key_added", key.name)

    def activate_key(self, name: str, *, at: datetime) -> None:
        """Let a key sign from now on, instead of the active one of its kind; raises ConfigurationError."""
        with self._transaction() as connection:
            kind, _ = _find_key(connection, name)
            connection.execute("UPDATE signing_key SET is_active = 0 WHERE kind = ?", (kind,))
            connection.execute("UPDATE signing_key SET is_active = 1 WHERE name = ?", (name,))
            _note(connection, at, "key_activated", name)

    def remove_key(self, name: str, *, at: datetime) -> None:
        """Forget a key that does not sign; raises ConfigurationError for the active one."""
        with self._transaction() as connection:
            _, is_active = _find_key(connection, name)
            if is_active:
                raise ConfigurationError(f"key {name} signs now; activate another one first")
            connection.execute("DELETE FROM signing_key WHERE name = ?", (name,))
            _note(connection, at, "key_removed", name)

    def history(self, limit: int = 100) -> tuple[HistoryEntry, ...]:
        """The newest changes, newest first."""
        with self._transaction() as connection:
            rows = connection.execute(
                "SELECT at, event, detail FROM history ORDER BY id DESC LIMIT ?", (limit,)
            ).fetchall()
        return tuple(
            HistoryEntry(at=datetime.fromisoformat(at), event=event, detail=detail) for at, event, detail in rows
        )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if not self.exists:
            raise ConfigurationError(f"{self._path} does not exist; start with: lienthong central init")
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.close()


def _find_key(connection: sqlite3.Connection, name: str) -> tuple[str, bool]:
    row = connection.execute("SELECT kind, is_active FROM signing_key WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise ConfigurationError(f"there is no signing key {name}")
    return str(row[0]), bool(row[1])


def _insert_key(connection: sqlite3.Connection, key: KeyEntry) -> None:
    connection.execute(
        "INSERT INTO signing_key (name, kind, certificate, is_active, created_at) VALUES (?, ?, ?, ?, ?)",
        (key.name, key.kind, key.certificate_der, key.is_active, key.created_at.astimezone(UTC).isoformat()),
    )


def _note(connection: sqlite3.Connection, at: datetime, event: str, detail: str) -> None:
    values = (at.astimezone(UTC).isoformat(), event, detail)
    connection.execute("INSERT INTO history (at, event, detail) VALUES (?, ?, ?)", values)
