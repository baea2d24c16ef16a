"""OCSP responses: issued for any signing key, and read into plain values. Source: RFC 6960 s.4.2."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from asn1crypto import core, ocsp, x509

from lienthong.trust.algorithms import DigestAlgorithm, SignatureAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.issuing import sha1_of
from lienthong.trust.certificates.names import CanonicalName, canonical
from lienthong.trust.certificates.revocation import ASN1_REASONS
from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.keys.notation import ASN1_ERRORS, algorithm_from_identifier, identifier_of
from lienthong.trust.keys.software import SigningKey
from lienthong.trust.ocsp.requests import CertId, cert_id, decode_cert_id, encode_cert_id

_SIZE_MAX = 256 * 1024


class Status(Enum):
    """What a responder says of a certificate."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertStatus:
    """Status of one certificate."""

    status: Status
    """Good, revoked or unknown."""
    revoked_at: datetime | None = None
    """Aware UTC; only with REVOKED."""
    reason: str = "unspecified"
    """RFC 5280 name; only with REVOKED."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OcspResponse:
    """A successful basic response, read but not judged; of several answers the first alone counts."""

    tbs_der: bytes = field(repr=False)
    """The signed part, as it came."""
    signature: bytes = field(repr=False)
    """Signature value; ECDSA as DER."""
    algorithm: SignatureAlgorithm | None
    """None where nobody here knows it."""
    responder_name: CanonicalName | None
    """ResponderID by name."""
    responder_key_hash: bytes | None
    """ResponderID by key: SHA-1 of the subjectPublicKey bits."""
    certificates: tuple[Certificate, ...] = field(repr=False)
    """Embedded certificates, trusted for nothing."""
    cert_id: CertId
    """Whose status this is."""
    status: CertStatus
    """Of the first SingleResponse."""
    produced_at: datetime
    """Aware UTC."""
    this_update: datetime
    """Aware UTC: the status was known then."""
    next_update: datetime | None
    """Aware UTC: newer information will be there by then."""


def issue_response(
    serial: int,
    status: CertStatus,
    *,
    issuer: Certificate,
    responder: Certificate,
    key: SigningKey,
    this_update: datetime,
    next_update: datetime | None,
    produced_at: datetime | None = None,
    by_name: bool = False,
    embed_responder: bool = True,
    digest: DigestAlgorithm = DigestAlgorithm.SHA256,
) -> bytes:
    """Answer about one serial number of *issuer*, DER, so that it can be kept and handed to everybody.

    Args:
        responder: Certificate of *key*: the issuer's own, or one that the issuer gave EKU OCSPSigning.
        by_name: ResponderID by name instead of by key hash.
    Raises:
        KeyAccessError: the key cannot sign.
    """
    algorithm = SignatureAlgorithm.for_key(key.key_type, digest)
    single: dict[str, object] = {
        "cert_id": encode_cert_id(cert_id(serial, issuer)),
        "cert_status": _encode_status(status),
        "this_update": _whole(this_update),
    }
    if next_update is not None:
        single["next_update"] = _whole(next_update)
    data = ocsp.ResponseData(
        {
            "responder_id": _responder_id(responder, by_name=by_name),
            "produced_at": _whole(produced_at or this_update),
            "responses": [single],
        }
    )
    basic: dict[str, object] = {
        "tbs_response_data": data,
        "signature_algorithm": identifier_of(algorithm),
        "signature": key.sign(data.dump(), algorithm),
    }
    if embed_responder and responder != issuer:
        basic["certs"] = [x509.Certificate.load(responder.der)]
    contents = {"response_type": "basic_ocsp_response", "response": ocsp.BasicOCSPResponse(basic)}
    encoded: bytes = ocsp.OCSPResponse({"response_status": "successful", "response_bytes": contents}).dump()
    return encoded


def error_response(status: str) -> bytes:
    """An unsigned refusal: ``malformed_request``, ``internal_error``, ``try_later`` or ``unauthorized``."""
    encoded: bytes = ocsp.OCSPResponse({"response_status": status}).dump()
    return encoded


def parse_response(data: bytes) -> OcspResponse:
    """Read a response; raises MalformedEvidenceError, also for one that is a refusal."""
    if len(data) > _SIZE_MAX:
        raise MalformedEvidenceError("OCSP response is larger than 256 KiB")
    try:
        return _read(ocsp.OCSPResponse.load(data, strict=True))
    except ASN1_ERRORS as exc:
        raise MalformedEvidenceError("OCSP response cannot be read") from exc


def _read(response: ocsp.OCSPResponse) -> OcspResponse:
    if response["response_status"].native != "successful":
        raise MalformedEvidenceError(f"OCSP responder answered {response['response_status'].native}")
    if response["response_bytes"]["response_type"].native != "basic_ocsp_response":
        raise MalformedEvidenceError("OCSP response is not a basic response")
    basic = ocsp.BasicOCSPResponse.load(response["response_bytes"]["response"].contents, strict=True)
    tbs = basic["tbs_response_data"]
    if not len(tbs["responses"]):
        raise MalformedEvidenceError("OCSP response answers about nothing")
    single, responder = tbs["responses"][0], tbs["responder_id"]
    return OcspResponse(
        tbs_der=tbs.dump(),
        signature=basic["signature"].native,
        algorithm=_algorithm(basic),
        responder_name=canonical(responder.chosen) if responder.name == "by_name" else None,
        responder_key_hash=responder.native if responder.name == "by_key" else None,
        certificates=_embedded(basic),
        cert_id=decode_cert_id(single["cert_id"]),
        status=_decode_status(single["cert_status"]),
        produced_at=tbs["produced_at"].native,
        this_update=single["this_update"].native,
        next_update=single["next_update"].native,
    )


def _embedded(basic: ocsp.BasicOCSPResponse) -> tuple[Certificate, ...]:
    certificates = basic["certs"]
    if isinstance(certificates, core.Void):
        return ()
    return tuple(Certificate.from_der(certificate.dump()) for certificate in certificates)


def _algorithm(basic: ocsp.BasicOCSPResponse) -> SignatureAlgorithm | None:
    try:
        return algorithm_from_identifier(basic["signature_algorithm"])
    except UnsupportedAlgorithmError:
        return None


def _encode_status(status: CertStatus) -> ocsp.CertStatus:
    if status.status is Status.GOOD:
        return ocsp.CertStatus("good", ocsp.StatusGood())
    if status.status is Status.UNKNOWN:
        return ocsp.CertStatus("unknown", ocsp.StatusUnknown())
    if status.revoked_at is None:
        raise MalformedEvidenceError("a revoked status says when")
    info: dict[str, object] = {"revocation_time": _whole(status.revoked_at)}
    if status.reason != "unspecified":
        info["revocation_reason"] = ASN1_REASONS[status.reason]
    return ocsp.CertStatus("revoked", ocsp.RevokedInfo(info))


def _decode_status(value: ocsp.CertStatus) -> CertStatus:
    if value.name != "revoked":
        return CertStatus(status=Status(value.name))
    reason = value.chosen["revocation_reason"].native
    names = {own: rfc for rfc, own in ASN1_REASONS.items()}
    return CertStatus(
        status=Status.REVOKED,
        revoked_at=value.chosen["revocation_time"].native,
        reason=names.get(reason, reason or "unspecified"),
    )


def _responder_id(responder: Certificate, *, by_name: bool) -> ocsp.ResponderId:
    if by_name:
        return ocsp.ResponderId("by_name", x509.Name.load(responder.subject_der))
    return ocsp.ResponderId("by_key", core.OctetString(sha1_of(responder.public_key_bits)))


def _whole(instant: datetime) -> core.GeneralizedTime:
    return core.GeneralizedTime(instant.replace(microsecond=0))
