"""Timestamp tokens as plain values. Source: RFC 3161 s.2.4.2; RFC 5652 s.5; RFC 5816."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import algos, cms, core, tsp, x509

from lienthong.trust.algorithms import Digest, DigestAlgorithm, SignatureAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.names import CanonicalName, canonical
from lienthong.trust.errors import MalformedEvidenceError
from lienthong.trust.keys.notation import ASN1_ERRORS, algorithm_from_identifier, digest_from_oid

SIZE_MAX = 256 * 1024
_CONTENT_TYPE = "1.2.840.113549.1.9.16.1.4"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampToken:
    """A TimeStampToken, read but not judged."""

    imprint: Digest
    """What was stamped."""
    gen_time: datetime
    """Aware UTC: it existed then."""
    policy_oid: str
    """Dotted."""
    serial: int
    """Of the token."""
    nonce: int | None
    """As asked."""
    content: bytes = field(repr=False)
    """TSTInfo, as it came: what messageDigest covers."""
    digest_algorithm: DigestAlgorithm
    """Of messageDigest."""
    message_digest: bytes = field(repr=False)
    """Signed attribute."""
    content_type: str
    """Signed attribute, dotted."""
    signer_issuer: CanonicalName | None
    """SignerId by issuer …"""
    signer_serial: int | None
    """… and serial number,"""
    signer_key_identifier: bytes | None
    """or by subject key identifier."""
    certificate_hash: Digest | None
    """Signed attribute signingCertificate or signingCertificateV2: hash of the signer's certificate."""
    signed_attributes_der: bytes = field(repr=False)
    """As they are signed: a SET OF."""
    algorithm: SignatureAlgorithm
    """Of the signature."""
    signature: bytes = field(repr=False)
    """Signature value; ECDSA as DER."""

    def names_signer(self, certificate: Certificate) -> bool:
        """Whether its SignerId means this certificate."""
        if self.signer_key_identifier is not None:
            return certificate.extensions.subject_key_identifier == self.signer_key_identifier
        return (certificate.canonical_issuer, certificate.serial) == (self.signer_issuer, self.signer_serial)


def parse_token(token_der: bytes) -> TimestampToken:
    """Read a token, DER or BER, with exactly one signer.

    Raises:
        MalformedEvidenceError: it cannot be read.
        UnsupportedAlgorithmError: nobody here knows an algorithm that it uses.
    """
    try:
        return _read(load_signed_data(token_der))
    except ASN1_ERRORS as exc:
        raise MalformedEvidenceError("timestamp token cannot be read") from exc


def with_certificate(token_der: bytes, certificate: Certificate) -> bytes:
    """The same token holding its signer's certificate and no other; the signature does not cover that.

    Raises:
        MalformedEvidenceError: the token cannot be read.
    Source: message-path dossier s.5.4.
    """
    try:
        signed = load_signed_data(token_der)
        fields = {name: signed[name] for name in ("version", "digest_algorithms", "encap_content_info", "signer_infos")}
        choice = cms.CertificateChoices("certificate", x509.Certificate.load(certificate.der))
        renewed = cms.SignedData({**fields, "certificates": cms.CertificateSet([choice])})
        encoded: bytes = cms.ContentInfo({"content_type": "signed_data", "content": renewed}).dump()
    except ASN1_ERRORS as exc:
        raise MalformedEvidenceError("timestamp token cannot be read") from exc
    return encoded


def load_signed_data(token_der: bytes) -> cms.SignedData:
    """The SignedData of a token; raises MalformedEvidenceError or asn1crypto's errors."""
    if len(token_der) > SIZE_MAX:
        raise MalformedEvidenceError("timestamp token is larger than 256 KiB")
    token = cms.ContentInfo.load(token_der, strict=True)
    if token["content_type"].native != "signed_data":
        raise MalformedEvidenceError("timestamp token is not signed data")
    return token["content"]


def _read(signed: cms.SignedData) -> TimestampToken:
    encapsulated = signed["encap_content_info"]
    if encapsulated["content_type"].dotted != _CONTENT_TYPE or len(signed["signer_infos"]) != 1:
        raise MalformedEvidenceError("timestamp token is not a TSTInfo with one signer")
    content = bytes(encapsulated["content"])
    info = tsp.TSTInfo.load(content, strict=True)
    signer = signed["signer_infos"][0]
    attributes = _signed_attributes(signer)
    digest_algorithm = digest_from_oid(signer["digest_algorithm"]["algorithm"].dotted)
    imprint = info["message_imprint"]
    issuer, serial, key_identifier = _signer_id(signer["sid"])
    return TimestampToken(
        imprint=Digest(
            digest_from_oid(imprint["hash_algorithm"]["algorithm"].dotted), imprint["hashed_message"].native
        ),
        gen_time=info["gen_time"].native,
        policy_oid=info["policy"].dotted,
        serial=info["serial_number"].native,
        nonce=info["nonce"].native,
        content=content,
        digest_algorithm=digest_algorithm,
        message_digest=attributes["message_digest"].native,
        content_type=attributes["content_type"].dotted,
        signer_issuer=issuer,
        signer_serial=serial,
        signer_key_identifier=key_identifier,
        certificate_hash=_certificate_hash(attributes),
        signed_attributes_der=signer["signed_attrs"].untag().dump(),
        algorithm=algorithm_from_identifier(signer["signature_algorithm"], digest_algorithm),
        signature=signer["signature"].native,
    )


def _signed_attributes(signer: cms.SignerInfo) -> dict[str, core.Asn1Value]:
    found: dict[str, core.Asn1Value] = {}
    for attribute in signer["signed_attrs"]:
        name = attribute["type"].native
        if name in found or len(attribute["values"]) != 1:
            raise MalformedEvidenceError(f"timestamp token has signed attribute {name} more than once")
        found[name] = attribute["values"][0]
    return found


def _signer_id(sid: cms.SignerIdentifier) -> tuple[CanonicalName | None, int | None, bytes | None]:
    if sid.name == "issuer_and_serial_number":
        return canonical(sid.chosen["issuer"]), sid.chosen["serial_number"].native, None
    return None, None, sid.native


def _certificate_hash(attributes: dict[str, core.Asn1Value]) -> Digest | None:
    if "signing_certificate_v2" in attributes:
        first = attributes["signing_certificate_v2"]["certs"][0]
        return Digest(digest_from_oid(_oid(first["hash_algorithm"])), first["cert_hash"].native)
    if "signing_certificate" in attributes:
        return Digest(DigestAlgorithm.SHA1, attributes["signing_certificate"]["certs"][0]["cert_hash"].native)
    return None


def _oid(algorithm: algos.DigestAlgorithm) -> str:
    dotted: str = algorithm["algorithm"].dotted
    return dotted
