"""Writes signed directories byte for byte as genuine central servers do. Source: governance dossier s.1.3."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lienthong.exchange.globalconf.directory import DirectoryPart
from lienthong.trust.algorithms import DigestAlgorithm, SignatureAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.keys import SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectorySigner:
    """The key that signs a source's directories, with how it signs."""

    key: SigningKey
    """Active key of the source."""
    certificate: Certificate
    """Its certificate; clients find it by hash."""
    digest: DigestAlgorithm = DigestAlgorithm.SHA512
    """Inside the signature."""
    certificate_hash: DigestAlgorithm = DigestAlgorithm.SHA512
    """By which the certificate is named."""


def write_directory(
    parts: Sequence[DirectoryPart],
    *,
    expires: datetime,
    version: int,
    signer: DirectorySigner,
    boundaries: tuple[str, str],
) -> bytes:
    """Write and sign a directory.

    Args:
        expires: Aware; whole seconds are written.
        boundaries: Outer and inner, 20 alphanumerics each, different.
    Raises:
        KeyAccessError: the key cannot sign.
    """
    outer, inner = boundaries
    signed = _signed_bytes(parts, inner, expires, version)
    algorithm = SignatureAlgorithm.for_key(signer.key.key_type, signer.digest)
    signature = _b64(signer.key.sign(signed, algorithm))
    hash_algorithm = signer.certificate_hash
    certificate_hash = _b64(signer.certificate.hash(hash_algorithm).value)
    head = _lines(
        f"Content-Type: multipart/related; charset=UTF-8; boundary={outer}",
        "",
        f"--{outer}",
        f"Content-Type: multipart/mixed; charset=UTF-8; boundary={inner}",
        "",
    )
    tail = _lines(
        "",
        f"--{outer}",
        "Content-Type: application/octet-stream",
        "Content-Transfer-Encoding: base64",
        f"Signature-Algorithm-Id: {algorithm.uri}",
        f'Verification-certificate-hash: {certificate_hash}; hash-algorithm-id="{hash_algorithm.uri}"',
        "",
        signature,
        f"--{outer}--",
    )
    return head + signed + tail


def _signed_bytes(parts: Sequence[DirectoryPart], inner: str, expires: datetime, version: int) -> bytes:
    first = _lines(
        f"--{inner}", f"Expire-date: {expires.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", f"Version: {version}", ""
    )
    return first + b"".join(_part_bytes(part, inner) for part in parts) + _lines(f"--{inner}--")


def _part_bytes(part: DirectoryPart, inner: str) -> bytes:
    instance = "" if part.instance is None else f"; instance='{part.instance}'"
    return _lines(
        f"--{inner}",
        "Content-type: application/octet-stream",
        "Content-transfer-encoding: base64",
        f"Content-identifier: {part.identifier}{instance}",
        f"Content-location: {part.location}",
        f"Hash-algorithm-id: {part.digest.algorithm.uri}",
        "",
        _b64(part.digest.value),
    )


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
