"""OCSP requests: unsigned, one SHA-1 CertID, no nonce. Source: RFC 6960 s.4.1; message-path dossier s.4.7."""

from __future__ import annotations

from dataclasses import dataclass

from asn1crypto import core, ocsp

from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.issuing import sha1_of
from lienthong.trust.errors import MalformedEvidenceError
from lienthong.trust.keys.notation import ASN1_ERRORS

SHA1_OID = "1.3.14.3.2.26"
_SIZE_MAX = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class CertId:
    """Which certificate is meant: issuer name and key, hashed, and a serial number."""

    hash_oid: str = SHA1_OID
    """Dotted OID of the hash; everybody here asks with SHA-1, as an identifier and not as evidence."""
    parameters: bytes = b"\x05\x00"
    """DER of the hash's parameters; a responder that leaves NULL out is not interoperable."""
    issuer_name_hash: bytes
    """Of the issuer's name, DER as it stands in its certificate."""
    issuer_key_hash: bytes
    """Of the contents of the issuer's subjectPublicKey."""
    serial: int
    """Of the certificate asked about."""


def cert_id_of(certificate: Certificate, issuer: Certificate) -> CertId:
    """The CertID that X-Road builds and expects back."""
    return cert_id(certificate.serial, issuer)


def cert_id(serial: int, issuer: Certificate) -> CertId:
    """The CertID of a serial number under *issuer*."""
    return CertId(
        issuer_name_hash=sha1_of(issuer.subject_der),
        issuer_key_hash=sha1_of(issuer.public_key_bits),
        serial=serial,
    )


def build_request(certificate: Certificate, issuer: Certificate) -> bytes:
    """Ask about one certificate, DER."""
    request = {"req_cert": encode_cert_id(cert_id_of(certificate, issuer))}
    encoded: bytes = ocsp.OCSPRequest({"tbs_request": {"request_list": [request]}}).dump()
    return encoded


def parse_request(data: bytes) -> tuple[CertId, ...]:
    """Read what a request asks about, in its order, at least one; raises MalformedEvidenceError."""
    if len(data) > _SIZE_MAX:
        raise MalformedEvidenceError("OCSP request is larger than 64 KiB")
    try:
        requests = ocsp.OCSPRequest.load(data, strict=True)["tbs_request"]["request_list"]
        asked = tuple(decode_cert_id(request["req_cert"]) for request in requests)
    except ASN1_ERRORS as exc:
        raise MalformedEvidenceError("OCSP request cannot be read") from exc
    if not asked:
        raise MalformedEvidenceError("OCSP request asks about nothing")
    return asked


def encode_cert_id(value: CertId) -> ocsp.CertId:
    """Write a CertID; its hash algorithm carries NULL."""
    return ocsp.CertId(
        {
            "hash_algorithm": {"algorithm": value.hash_oid, "parameters": core.Null()},
            "issuer_name_hash": value.issuer_name_hash,
            "issuer_key_hash": value.issuer_key_hash,
            "serial_number": value.serial,
        }
    )


def decode_cert_id(value: ocsp.CertId) -> CertId:
    """Read a CertID; asn1crypto's errors pass through."""
    parameters = value["hash_algorithm"]["parameters"]
    return CertId(
        hash_oid=value["hash_algorithm"]["algorithm"].dotted,
        parameters=b"" if isinstance(parameters, core.Void) else parameters.dump(),
        issuer_name_hash=value["issuer_name_hash"].native,
        issuer_key_hash=value["issuer_key_hash"].native,
        serial=value["serial_number"].native,
    )
