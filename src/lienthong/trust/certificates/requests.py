"""PKCS#10 certification requests, built for any signing key and read with proof of possession.

Source: RFC 2986 s.4; RFC 5280 s.4.2.1.6.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from asn1crypto import core, csr, x509

from lienthong.trust.algorithms import DigestAlgorithm, SignatureAlgorithm
from lienthong.trust.certificates.names import attributes_of, build_name, rfc2253
from lienthong.trust.errors import MalformedEvidenceError, TrustError
from lienthong.trust.keys.notation import ASN1_ERRORS, algorithm_from_identifier, identifier_of
from lienthong.trust.keys.software import SigningKey
from lienthong.trust.keys.verification import signature_holds

_PEM = re.compile(rb"-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----(.+?)-----END", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationRequest:
    """What somebody asks an authority to certify (yêu cầu cấp chứng thư số)."""

    subject: str
    """RFC 2253."""
    subject_der: bytes = field(repr=False)
    """Name, DER as it came."""
    subject_attributes: tuple[tuple[str, str], ...]
    """(dotted OID, text) in order."""
    public_key_der: bytes = field(repr=False)
    """SubjectPublicKeyInfo."""
    dns_names: tuple[str, ...]
    """Requested subjectAltName dNSName values."""
    proves_possession: bool
    """Whether the request is signed with the key that it names."""


def build_request(
    key: SigningKey,
    subject: Sequence[tuple[str, str]],
    *,
    dns_names: Sequence[str] = (),
    digest: DigestAlgorithm = DigestAlgorithm.SHA256,
) -> bytes:
    """Build a signed request, DER.

    Args:
        subject: (dotted OID, text) in the order of the name.
    Raises:
        KeyAccessError: the key cannot sign.
        MalformedEvidenceError: the subject cannot be encoded.
    """
    algorithm = SignatureAlgorithm.for_key(key.key_type, digest)
    info = csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": x509.Name.load(build_name(subject)),
            "subject_pk_info": x509.PublicKeyInfo.load(key.public_key_der),
            "attributes": _attributes(dns_names),
        }
    )
    signed = csr.CertificationRequest(
        {
            "certification_request_info": info,
            "signature_algorithm": identifier_of(algorithm),
            "signature": key.sign(info.dump(), algorithm),
        }
    )
    encoded: bytes = signed.dump()
    return encoded


def parse_request(data: bytes) -> CertificationRequest:
    """Read a request, DER or PEM; raises MalformedEvidenceError."""
    found = _PEM.search(data)
    try:
        der = base64.b64decode(b"".join(found[1].split()), validate=True) if found else data
        return _read(csr.CertificationRequest.load(der, strict=True))
    except (*ASN1_ERRORS, binascii.Error) as exc:
        raise MalformedEvidenceError("certification request cannot be read") from exc


def _read(request: csr.CertificationRequest) -> CertificationRequest:
    info = request["certification_request_info"]
    name = info["subject"]
    key_der = info["subject_pk_info"].dump()
    return CertificationRequest(
        subject=rfc2253(name),
        subject_der=name.dump(),
        subject_attributes=tuple((oid, text) for rdn in attributes_of(name) for oid, text, _ in rdn),
        public_key_der=key_der,
        dns_names=_requested_dns_names(info["attributes"]),
        proves_possession=_is_signed(request, key_der),
    )


def _is_signed(request: csr.CertificationRequest, key_der: bytes) -> bool:
    signed = request["certification_request_info"].dump()
    try:
        algorithm = algorithm_from_identifier(request["signature_algorithm"])
        return signature_holds(key_der, signed, request["signature"].native, algorithm)
    except TrustError:
        return False


def _attributes(dns_names: Sequence[str]) -> csr.CRIAttributes:
    if not dns_names:
        return csr.CRIAttributes([])
    names = x509.GeneralNames([x509.GeneralName("dns_name", x509.DNSName(name)) for name in dns_names])
    extension = x509.Extension({"extn_id": "subject_alt_name", "extn_value": names})
    return csr.CRIAttributes([{"type": "extension_request", "values": [[extension]]}])


def _requested_dns_names(attributes: csr.CRIAttributes) -> tuple[str, ...]:
    if isinstance(attributes, core.Void):
        return ()
    asked = [a["values"] for a in attributes if a["type"].native == "extension_request"]
    extensions = [extension for values in asked for value in values for extension in value]
    alternative = [e["extn_value"].parsed for e in extensions if e["extn_id"].native == "subject_alt_name"]
    return tuple(name.native for names in alternative for name in names if name.name == "dns_name")
