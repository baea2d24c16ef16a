"""The signed directory: what an instance publishes now, until when, and whose word that is.

Bytes are cut, never re-serialised. Only certificates handed in are believed. Source: governance dossier s.1.3.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lienthong.exchange.globalconf.document import SMALL_SIZE_MAX
from lienthong.exchange.globalconf.faults import Code, refuse
from lienthong.exchange.globalconf.lexical import read_instant
from lienthong.exchange.globalconf.mime import Entity, read_entity, split_multipart, split_parameters
from lienthong.trust.algorithms import PRODUCTION, Digest, DigestAlgorithm, Policy, SignatureAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.keys import verify_signature

SHARED_PARAMETERS = "SHARED-PARAMETERS"
PRIVATE_PARAMETERS = "PRIVATE-PARAMETERS"
_NEEDS_INSTANCE = {SHARED_PARAMETERS, PRIVATE_PARAMETERS}
_LOCATION = re.compile(r"/?[A-Za-z0-9_%.\-~!$&'()*+,;=:@]+(?:/[A-Za-z0-9_%.\-~!$&'()*+,;=:@]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryPart:
    """A file that the directory vouches for."""

    identifier: str
    """``SHARED-PARAMETERS``, ``PRIVATE-PARAMETERS`` or the name of an optional part."""
    instance: str | None
    """Instance it speaks of; always there for shared and private parameters."""
    location: str
    """Path relative to the directory's URL."""
    digest: Digest
    """Of the file's bytes."""

    def require_intact(self, data: bytes) -> None:
        """Raise Fault ``global_conf_part_downloaded_file_integrity_failure`` unless *data* is that file."""
        if self.digest.algorithm.digest(data) != self.digest:
            raise refuse(Code.INTEGRITY, f"{self.location} is not the file that the directory names")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDirectory:
    """A directory whose signature holds."""

    expires: datetime
    """Aware; not to be used from then on."""
    version: int
    """Wire version of its parts; 2 where the directory does not say."""
    parts: tuple[DirectoryPart, ...]
    """In the order written."""
    certificate: Certificate
    """Which of the given certificates verified it."""

    def part(self, identifier: str, instance: str) -> DirectoryPart | None:
        """The part with that identifier that speaks of that instance."""
        return next((p for p in self.parts if p.identifier == identifier and p.instance == instance), None)


def read_directory(
    data: bytes, *, certificates: Iterable[bytes], at: datetime, policy: Policy = PRODUCTION
) -> SignedDirectory:
    """Read and verify a directory document; signature first, then expiry, then the parts.

    Args:
        certificates: DER of those that may have signed it; their own validity periods do not count.
        at: Aware instant the question is about.
    Raises:
        Fault: a ``global_conf_…`` code of governance s.1.7.
    """
    if len(data) > SMALL_SIZE_MAX:
        raise refuse(Code.DIRECTORY, f"directory of {len(data)} bytes is larger than {SMALL_SIZE_MAX}")
    outer = [read_entity(part) for part in split_multipart(read_entity(data), "related")]
    if not outer or not outer[0].body.strip():
        raise refuse(Code.NO_SIGNED_DATA, "the document holds no signed data")
    if len(outer) == 1:
        raise refuse(Code.NO_EXPIRATION, "no signature follows the signed data, so its expiration date is not known")
    if len(outer) > 2:
        raise refuse(Code.DIRECTORY, "the document holds more than signed data and signature")
    certificate = _verify(outer[0].body, outer[1], tuple(certificates), policy)
    return _read_signed([read_entity(part) for part in split_multipart(outer[0], "mixed")], certificate, at, policy)


def _verify(signed: bytes, signature: Entity, certificates: tuple[bytes, ...], policy: Policy) -> Certificate:
    algorithm_uri = signature.required("Signature-Algorithm-Id")
    certificate = _signer(signature.required("Verification-certificate-hash"), certificates, policy)
    signature.expect("Content-Transfer-Encoding", "base64")
    value = _decode(signature.body, Code.SIGNATURE_DECODE, "signature")
    try:
        algorithm = SignatureAlgorithm.from_uri(algorithm_uri)
        holds = verify_signature(certificate.public_key_der, signed, value, algorithm, policy=policy)
    except (UnsupportedAlgorithmError, MalformedEvidenceError) as exc:
        raise refuse(Code.SIGNATURE, f"signature cannot be accepted: {exc}") from exc
    if not value or not holds:
        raise refuse(Code.SIGNATURE, "signature does not hold")
    return certificate


def _signer(value: str, certificates: tuple[bytes, ...], policy: Policy) -> Certificate:
    digest_b64, parameters = split_parameters(value)
    uri = parameters.get("hash-algorithm-id", "")
    if not uri:
        raise refuse(Code.HEADER_PARAMETER_MISSING, "Verification-certificate-hash has no parameter hash-algorithm-id")
    algorithm = _digest_algorithm(uri, policy, "Verification-certificate-hash")
    wanted = Digest(algorithm, _decode(digest_b64.encode(), Code.HEADER_WRONG, "Verification-certificate-hash"))
    for der in certificates:
        if algorithm.digest(der) == wanted:
            try:
                return Certificate.from_der(der)
            except MalformedEvidenceError as exc:
                raise refuse(Code.NO_CERTIFICATE, f"verification certificate cannot be read: {exc}") from exc
    raise refuse(Code.NO_CERTIFICATE, "the document is signed by none of the certificates that are trusted here")


def _read_signed(inner: list[Entity], certificate: Certificate, at: datetime, policy: Policy) -> SignedDirectory:
    if not inner:
        raise refuse(Code.NO_EXPIRATION, "the signed data have no part with an expiration date")
    written = inner[0].required("Expire-date")
    expires = read_instant(written)
    if expires is None:
        raise refuse(Code.HEADER_WRONG, f"header field Expire-date is {written!r}, not a date with an offset")
    if expires <= at:
        raise refuse(Code.OUTDATED, f"the configuration expired at {written}")
    version = inner[0].headers.get("version", "2")
    if not re.fullmatch(r"[1-9][0-9]{0,3}", version):
        raise refuse(Code.HEADER_WRONG, f"header field Version is {version!r}")
    parts = tuple(_read_part(entity, policy) for entity in inner[1:])
    if len({(part.identifier, part.instance) for part in parts}) != len(parts):
        raise refuse(Code.DIRECTORY, "the directory names one part twice")
    return SignedDirectory(expires=expires, version=int(version), parts=parts, certificate=certificate)


def _read_part(entity: Entity, policy: Policy) -> DirectoryPart:
    entity.expect("Content-type", "application/octet-stream")
    entity.expect("Content-transfer-encoding", "base64")
    identifier, parameters = split_parameters(entity.required("Content-identifier"))
    instance = parameters.get("instance") or None
    if identifier in _NEEDS_INSTANCE and instance is None:
        raise refuse(Code.HEADER_PARAMETER_MISSING, f"Content-identifier {identifier} has no parameter instance")
    location = entity.required("Content-location")
    if not _LOCATION.fullmatch(location) or ".." in location.split("/"):
        raise refuse(Code.HEADER_WRONG, f"header field Content-location is {location!r}, not a path")
    algorithm = _digest_algorithm(entity.required("Hash-algorithm-id"), policy, "Hash-algorithm-id")
    digest = Digest(algorithm, _decode(entity.body, Code.DOWNLOADED_HASH, f"digest of {location}"))
    return DirectoryPart(identifier=identifier, instance=instance, location=location, digest=digest)


def _digest_algorithm(uri: str, policy: Policy, field: str) -> DigestAlgorithm:
    try:
        algorithm = DigestAlgorithm.from_uri(uri)
    except UnsupportedAlgorithmError as exc:
        raise refuse(Code.HEADER_WRONG, f"{field} names an {exc}") from exc
    if algorithm not in policy.digests:
        raise refuse(Code.HEADER_WRONG, f"{field} names {algorithm.label}, which policy {policy.name} refuses")
    return algorithm


def _decode(text: bytes, code: Code, what: str) -> bytes:
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error as exc:
        raise refuse(code, f"{what} is not base64") from exc
