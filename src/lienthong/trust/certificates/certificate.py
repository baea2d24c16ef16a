"""One certificate, read once into plain values.

asn1crypto reads the structure, because archives hold certificates that stricter parsers refuse; every judgement is
ours. Signed bytes and names are kept exactly as they came. Source: RFC 5280 s.4.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from asn1crypto import x509

from lienthong.trust.algorithms import Digest, DigestAlgorithm, SignatureAlgorithm
from lienthong.trust.certificates.extensions import Extensions, read_extensions
from lienthong.trust.certificates.names import CanonicalName, attributes_of, canonical, rfc2253
from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.keys.notation import ASN1_ERRORS, algorithm_from_identifier

_PEM = re.compile(rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----(.+?)-----END", re.DOTALL)
_SIZE_MAX = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """An X.509 certificate (chứng thư số); equal when its bytes are equal."""

    der: bytes = field(repr=False)
    """The whole certificate, as it came."""
    tbs_der: bytes = field(repr=False, compare=False)
    """The signed part, as it came."""
    signature: bytes = field(repr=False, compare=False)
    """Signature value; ECDSA as DER."""
    signature_algorithm: SignatureAlgorithm | None = field(repr=False, compare=False)
    """None where nobody here knows it; such a certificate never passes."""
    subject: str = field(compare=False)
    """RFC 2253."""
    issuer: str = field(compare=False)
    """RFC 2253."""
    subject_der: bytes = field(repr=False, compare=False)
    """Name, DER as it came."""
    issuer_der: bytes = field(repr=False, compare=False)
    """Name, DER as it came."""
    canonical_subject: CanonicalName = field(repr=False, compare=False)
    """For comparing with an issuer."""
    canonical_issuer: CanonicalName = field(repr=False, compare=False)
    """For comparing with a subject."""
    subject_attributes: tuple[tuple[str, str], ...] = field(repr=False, compare=False)
    """(dotted OID, text) in order."""
    serial: int = field(compare=False)
    """Never negative."""
    not_before: datetime = field(compare=False)
    """Aware UTC."""
    not_after: datetime = field(compare=False)
    """Aware UTC, inclusive."""
    public_key_der: bytes = field(repr=False, compare=False)
    """SubjectPublicKeyInfo."""
    public_key_bits: bytes = field(repr=False, compare=False)
    """Contents of the subjectPublicKey BIT STRING: what OCSP hashes."""
    extensions: Extensions = field(repr=False, compare=False)
    """Everything that we read of the extensions."""

    @classmethod
    def from_der(cls, der: bytes) -> Certificate:
        """Read DER; the same bytes are parsed once. Raises MalformedEvidenceError."""
        return _read(bytes(der))

    @classmethod
    def from_pem_or_der(cls, data: bytes) -> Certificate:
        """Read the first certificate of a PEM text, or DER. Raises MalformedEvidenceError."""
        found = _PEM.search(data)
        if found is None:
            return cls.from_der(data)
        try:
            return cls.from_der(base64.b64decode(b"".join(found[1].split()), validate=True))
        except binascii.Error as exc:
            raise MalformedEvidenceError("PEM text is not base64") from exc

    @property
    def key_usage(self) -> frozenset[str]:
        """RFC 5280 names of the usage bits, such as ``nonRepudiation``; empty where the extension is absent."""
        return self.extensions.key_usage or frozenset()

    @property
    def extended_key_usage(self) -> frozenset[str]:
        """Dotted OIDs of purposes; empty where the extension is absent."""
        return self.extensions.extended_key_usage

    @property
    def is_ca(self) -> bool:
        """Whether basicConstraints says that it may issue."""
        return self.extensions.is_ca

    @property
    def is_self_issued(self) -> bool:
        """Whether subject and issuer are one name."""
        return self.canonical_subject == self.canonical_issuer

    @property
    def pem(self) -> bytes:
        """The certificate as PEM text."""
        lines = base64.encodebytes(self.der).replace(b"\n", b"")
        wrapped = b"\n".join(lines[i : i + 64] for i in range(0, len(lines), 64))
        return b"-----BEGIN CERTIFICATE-----\n" + wrapped + b"\n-----END CERTIFICATE-----\n"

    def hash(self, algorithm: DigestAlgorithm) -> Digest:
        """Digest of the whole certificate."""
        return algorithm.digest(self.der)

    def subject_value(self, oid: str) -> str | None:
        """The first subject attribute of that type, or None."""
        return next((text for name, text in self.subject_attributes if name == oid), None)

    def is_valid_at(self, at: datetime) -> bool:
        """Whether *at* lies within the validity period, both ends included."""
        return self.not_before <= at <= self.not_after


@lru_cache(maxsize=2048)
def _read(der: bytes) -> Certificate:
    if len(der) > _SIZE_MAX:
        raise MalformedEvidenceError("certificate is larger than 64 KiB")
    try:
        return _build(der, x509.Certificate.load(der, strict=True))
    except ASN1_ERRORS as exc:
        raise MalformedEvidenceError("certificate cannot be read") from exc


def _build(der: bytes, parsed: x509.Certificate) -> Certificate:
    tbs = parsed["tbs_certificate"]
    subject, issuer, key = tbs["subject"], tbs["issuer"], tbs["subject_public_key_info"]
    if tbs["serial_number"].native < 0:
        raise MalformedEvidenceError("certificate serial number is negative")
    if tbs["signature"].dump() != parsed["signature_algorithm"].dump():
        raise MalformedEvidenceError("certificate names two signature algorithms")
    return Certificate(
        der=der,
        tbs_der=tbs.dump(),
        signature=parsed["signature_value"].native,
        signature_algorithm=_algorithm(parsed),
        subject=rfc2253(subject),
        issuer=rfc2253(issuer),
        subject_der=subject.dump(),
        issuer_der=issuer.dump(),
        canonical_subject=canonical(subject),
        canonical_issuer=canonical(issuer),
        subject_attributes=tuple((oid, text) for rdn in attributes_of(subject) for oid, text, _ in rdn),
        serial=tbs["serial_number"].native,
        not_before=tbs["validity"]["not_before"].native,
        not_after=tbs["validity"]["not_after"].native,
        public_key_der=key.dump(),
        public_key_bits=_bit_string_contents(key["public_key"].dump()),
        extensions=read_extensions(tbs["extensions"]),
    )


def _algorithm(parsed: x509.Certificate) -> SignatureAlgorithm | None:
    try:
        return algorithm_from_identifier(parsed["signature_algorithm"])
    except UnsupportedAlgorithmError:
        return None


def _bit_string_contents(encoded: bytes) -> bytes:
    header = 2 if encoded[1] < 0x80 else 2 + (encoded[1] & 0x7F)
    return encoded[header + 1 :]
