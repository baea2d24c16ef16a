"""What a central server does, over its data folder: initialise, apply, rotate keys, give anchors, publish."""

from __future__ import annotations

import fcntl
import secrets
import string
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lienthong.exchange.central.confgen import SigningMaterial, generate
from lienthong.exchange.central.database import CentralDatabase
from lienthong.exchange.central.declaration import parse_declaration
from lienthong.exchange.central.difference import registry_difference
from lienthong.exchange.central.publication import PublicationStatus, PublicFolder
from lienthong.exchange.central.registry import KINDS, KeyEntry, Registry, make_anchor
from lienthong.exchange.central.signing_keys import add_key
from lienthong.exchange.errors import ConfigurationError, ExchangeError
from lienthong.exchange.globalconf.anchor import write_anchor
from lienthong.exchange.serverconf.difference import Change
from lienthong.trust.algorithms import KeyType
from lienthong.trust.errors import TrustError
from lienthong.trust.tokens import FileTokenStore

_ALPHANUMERIC = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True, kw_only=True)
class CentralFolder:
    """Where a central server keeps everything."""

    path: Path
    """The data folder."""
    password_file: Path | None = None
    """Holds the token's password; ``token.password`` in the folder where None."""

    @property
    def database(self) -> Path:
        """SQLite file."""
        return self.path / "central.sqlite3"

    @property
    def token(self) -> Path:
        """Folder of private keys."""
        return self.path / "keys"

    @property
    def public(self) -> Path:
        """What clients may fetch."""
        return self.path / "public"

    @property
    def password(self) -> Path:
        """File with the token's password."""
        return self.password_file or self.path / "token.password"


class CentralService:
    """The commands of a central server; safe to be used by several processes on one folder."""

    def __init__(self, folder: CentralFolder, *, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock
        self.database = CentralDatabase(folder.database)
        self.public = PublicFolder(folder.public)

    def initialize(self, instance: str, addresses: Sequence[str], *, key_type: KeyType = KeyType.RSA) -> Registry:
        """Make the folder: database, token password (unless a file is given), one key of each kind.

        Raises:
            ConfigurationError: there is a database already.
            KeyAccessError: a password file is given and cannot be read.
        """
        if self.database.exists:
            raise ConfigurationError(f"{self._folder.database} exists already; nothing was changed")
        if self._folder.password_file is None and not self._folder.password.exists():
            _write_password(self._folder.password)
        registry = Registry(instance=instance, addresses=tuple(addresses))
        keys = [self._make_key(kind, key_type, is_active=True) for kind in KINDS]
        self.database.create(registry, keys, at=self._clock())
        return registry

    def apply(self, file: Path, *, is_dry_run: bool) -> list[Change]:
        """Check a declaration and put it in place; gives what it changes, empty where nothing.

        Raises:
            InvalidSettingsError: with every problem of the file.
            ConfigurationError: the folder is not initialised, or the file is of another instance.
        """
        declared = parse_declaration(file.read_text(encoding="utf-8"), file=file)
        current = self.database.registry()
        if declared.instance != current.instance:
            raise ConfigurationError(f"{file} is of instance {declared.instance}, this server of {current.instance}")
        changes = registry_difference(current, declared)
        if current != declared and not is_dry_run:
            self.database.replace_registry(declared, [str(change) for change in changes], at=self._clock())
        return changes

    def add_key(self, kind: str, *, key_type: KeyType = KeyType.RSA) -> KeyEntry:
        """Make a key; it signs at once where it is the first of its kind, else it is only announced."""
        is_first = not any(key.kind == kind for key in self.database.signing_keys())
        entry = self._make_key(kind, key_type, is_active=is_first)
        self.database.add_key(entry, at=self._clock())
        return entry

    def activate_key(self, name: str) -> None:
        """Let an announced key sign from the next publication on; raises ConfigurationError."""
        self.database.activate_key(name, at=self._clock())

    def remove_key(self, name: str) -> None:
        """Forget a key that does not sign, and destroy it; raises ConfigurationError."""
        self.database.remove_key(name, at=self._clock())
        self._token().delete(name)

    def anchor(self, kind: str) -> bytes:
        """The anchor file to give out; raises ConfigurationError."""
        return write_anchor(make_anchor(self.database.registry(), self.database.signing_keys(), kind, self._clock()))

    def publish(self) -> None:
        """Generate every version and put it in place, and note how it went.

        Raises:
            ConfigurationError, KeyAccessError: it cannot be generated; what was published stays.
            OSError: the disk refuses; what was published stays.
        """
        self.database.registry()
        with self._one_at_a_time():
            self._publish_alone()

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Hold a lock that a killed process loses: an older generation never replaces a newer one."""
        with (self._folder.path / ".publication.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _publish_alone(self) -> None:
        now, registry, entries = self._clock(), self.database.registry(), self.database.signing_keys()
        try:
            token = self._token()
            material = SigningMaterial(entries=entries, open_key=token.key, make_boundary=_make_boundary)
            self.public.publish(generate(registry, material, now=now), now=now)
        except (ExchangeError, TrustError, OSError) as exc:
            self.public.write_status(PublicationStatus(at=now, success=False, message=str(exc)))
            raise
        self.public.write_status(PublicationStatus(at=now, success=True, expires=now + registry.expire_interval))

    def _make_key(self, kind: str, key_type: KeyType, *, is_active: bool) -> KeyEntry:
        return add_key(self._token(), kind=kind, key_type=key_type, is_active=is_active, at=self._clock())

    def _token(self) -> FileTokenStore:
        return FileTokenStore.open(self._folder.token, password_file=self._folder.password)


def _make_boundary() -> str:
    return "".join(secrets.choice(_ALPHANUMERIC) for _ in range(20))


def _write_password(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(secrets.token_urlsafe(32) + "\n", encoding="ascii")
