"""A software token: one folder of encrypted PKCS#8 keys with their certificates beside them.

``<name>.key.pem`` holds a key, ``<name>.<20 hex digits of SHA-256>.cert.der`` a certificate of it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from lienthong.trust.algorithms import DigestAlgorithm, KeyType
from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import KeyAccessError
from lienthong.trust.keys import SoftwareKey

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}\Z")
_KEY_SUFFIX = ".key.pem"


def read_password(path: Path) -> bytes:
    """Read a secret from a file, without the line's end; raises KeyAccessError where it is missing or empty."""
    try:
        secret = path.read_bytes().rstrip(b"\r\n")
    except OSError as exc:
        raise KeyAccessError(f"password file {path.name} cannot be read: {exc.strerror}") from exc
    if not secret:
        raise KeyAccessError(f"password file {path.name} is empty")
    return secret


class FileTokenStore:
    """Keys in a folder, all under one password; the folder and its files are the owner's alone."""

    def __init__(self, folder: Path, *, password: bytes) -> None:
        if not password:
            raise KeyAccessError("a token has a password")
        self._folder = folder
        self._password = password

    @classmethod
    def open(cls, folder: Path, *, password_file: Path) -> FileTokenStore:
        """Open the token with the password that *password_file* holds; raises KeyAccessError."""
        return cls(folder, password=read_password(password_file))

    def names(self) -> tuple[str, ...]:
        """Names of the keys there are, sorted."""
        return tuple(sorted(path.name.removesuffix(_KEY_SUFFIX) for path in self._folder.glob(f"*{_KEY_SUFFIX}")))

    def generate(self, name: str, key_type: KeyType, *, bits: int = 2048, curve: str = "secp256r1") -> SoftwareKey:
        """Make a key and keep it; raises KeyAccessError where the name is taken or is no name."""
        key = SoftwareKey.generate(key_type, bits=bits, curve=curve)
        self.put_key(name, key)
        return key

    def put_key(self, name: str, key: SoftwareKey) -> None:
        """Keep a key; it never replaces another. Raises KeyAccessError."""
        path = self._key_path(name)
        if path.exists():
            raise KeyAccessError(f"token has a key named {name} already")
        _write(path, key.export(self._password))

    def key(self, name: str) -> SoftwareKey:
        """Open a key; raises KeyAccessError where it is missing or the password is wrong."""
        try:
            encrypted = self._key_path(name).read_bytes()
        except OSError as exc:
            raise KeyAccessError(f"token has no key named {name}") from exc
        return SoftwareKey.load(encrypted, self._password)

    def put_certificate(self, name: str, certificate: Certificate) -> None:
        """Keep a certificate beside its key; raises KeyAccessError where it is another key's."""
        if self.key(name).public_key_der != certificate.public_key_der:
            raise KeyAccessError(f"certificate is not for the key named {name}")
        mark = certificate.hash(DigestAlgorithm.SHA256).value.hex()[:20]
        _write(self._folder / f"{name}.{mark}.cert.der", certificate.der)

    def certificates(self, name: str) -> tuple[Certificate, ...]:
        """Certificates of a key, the youngest last; raises MalformedEvidenceError where a file is damaged."""
        self._key_path(name)
        found = [Certificate.from_der(path.read_bytes()) for path in self._folder.glob(f"{name}.*.cert.der")]
        return tuple(sorted(found, key=lambda certificate: (certificate.not_before, certificate.der)))

    def delete(self, name: str) -> None:
        """Remove a key and its certificates; raises KeyAccessError where there is no such key."""
        path = self._key_path(name)
        if not path.exists():
            raise KeyAccessError(f"token has no key named {name}")
        for certificate in self._folder.glob(f"{name}.*.cert.der"):
            certificate.unlink()
        path.unlink()

    def _key_path(self, name: str) -> Path:
        if not _NAME.match(name):
            raise KeyAccessError("a key's name is letters, digits, - and _")
        return self._folder / f"{name}{_KEY_SUFFIX}"


def _write(path: Path, data: bytes) -> None:
    """Put a whole file in place or none, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
