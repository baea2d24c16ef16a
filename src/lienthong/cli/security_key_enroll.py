"""``lienthong security key enroll FILE``: gives a token every key that a TOML file wishes and the token does not hold.

Each table is a key: ``profile`` (of the authority), ``subject`` (attributes), and, where they are needed, ``dns``,
``type`` and ``bits``. The authority must certify at once, as ``authority serve`` does; when it refuses, the key it
refused does not stay behind. Enrolling the same file twice changes nothing.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from lienthong.cli.authority_request import certify
from lienthong.trust.algorithms import KeyType

if TYPE_CHECKING:
    from lienthong.trust.keys import SigningKey
    from lienthong.trust.tokens import FileTokenStore

ATTRIBUTES = {
    "C": "2.5.4.6",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "CN": "2.5.4.3",
    "serialNumber": "2.5.4.5",
    "businessCategory": "2.5.4.15",
    "organizationIdentifier": "2.5.4.97",
}
"""Attributes of a subject, by the names an operator writes."""


class KeyWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key that a token shall hold, with its certificate."""

    profile: str
    """Of the authority: SIGN, AUTHENTICATION, TLS_SERVER."""
    subject: dict[str, str]
    """Attribute and value, in order."""
    dns: list[str] = []
    """DNS names."""
    type: KeyType = KeyType.EC
    """EC (P-256) or RSA."""
    bits: int = 2048
    """Of an RSA key."""


def read_wishes(file: Path) -> dict[str, KeyWish]:
    """The keys that *file* wishes, by name; raises ValueError (what is wrong, and where)."""
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8")), dict[str, KeyWish])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as exc:
        raise ValueError(f"{file}: {exc}") from exc


def enroll(args: argparse.Namespace, store: FileTokenStore) -> list[str]:
    """Enroll what is missing, and return the names of the new keys.

    Raises:
        DeskError, TrustError, OSError, ValueError: what is wrong; keys enrolled before it stay.
    """
    wishes = read_wishes(args.wishes)
    missing = [name for name in wishes if name not in store.names()]
    for name in missing:
        certificate = _enroll(args, store, name, wishes[name])
        if args.output is not None:
            args.output.mkdir(parents=True, exist_ok=True)
            (args.output / f"{name}.pem").write_bytes(certificate)
    return missing


def _enroll(args: argparse.Namespace, store: FileTokenStore, name: str, wish: KeyWish) -> bytes:
    from lienthong.trust.certificates import Certificate

    key = store.generate(name, wish.type, bits=wish.bits)
    try:
        certificate = certify(args, wish.profile, pem_request(key, list(wish.subject.items()), wish.dns))
        store.put_certificate(name, Certificate.from_pem_or_der(certificate))
    except BaseException:
        store.delete(name)
        raise
    return certificate


def pem_request(key: SigningKey, subject: Sequence[tuple[str, str]], dns: Sequence[str]) -> bytes:
    """A certification request (PEM); raises ValueError for an attribute that is not known."""
    from base64 import encodebytes

    from lienthong.trust.certificates import build_request

    unknown = [name for name, _ in subject if name not in ATTRIBUTES]
    if unknown:
        raise ValueError(f"subject {', '.join(unknown)}: expected {', '.join(ATTRIBUTES)}")
    names = [(ATTRIBUTES[name], value) for name, value in subject]
    lines = encodebytes(build_request(key, names, dns_names=dns)).replace(b"\n", b"")
    wrapped = b"\n".join(lines[start : start + 64] for start in range(0, len(lines), 64))
    return b"-----BEGIN CERTIFICATE REQUEST-----\n" + wrapped + b"\n-----END CERTIFICATE REQUEST-----\n"
