"""The half of a verdict that depends on the signature document and the configuration alone.

Parsing, canonicalization, the signature value, the certificate path and the OCSP answers' signatures are asked once per
document; a batch signature then serves every message of its batch.
Source: message-path dossier s.4.6 steps 1, 2, 4, 5, 6, 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.message.profiles import member_of
from lienthong.exchange.message.verification.trust_source import TrustSource
from lienthong.trust.algorithms import Policy
from lienthong.trust.certificates import Certificate, find_path
from lienthong.trust.errors import MalformedEvidenceError, TrustError, UnsupportedAlgorithmError
from lienthong.trust.keys import EcdsaFormat, require_key_allowed, verify_signature
from lienthong.trust.ocsp import CertId, StaticVerdict, cert_id_of, judge_static, parse_response
from lienthong.trust.xades import XadesSignature, parse_signature
from lienthong.trust.xades.structure import StructureError

MALFORMED = "malformed_signature"
UNSUPPORTED = "malformed_signature.unsupported_algorithm"
INVALID_XML = "invalid_xml"
INVALID_VALUE = "invalid_signature_value"
INCORRECT_CERTIFICATE = "incorrect_certificate"
CANNOT_CREATE_PATH = "cannot_create_cert_path"
_NON_REPUDIATION = "nonRepudiation"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEvidence:
    """What the signature document brings along about one certificate of the path."""

    certificate: Certificate
    """Asked about."""
    verdict: StaticVerdict | None
    """None where no OCSP answer is about it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SignerCheck:
    """Whoever signed, judged but for the instant; the same whenever certificates and answers are the same."""

    usage_fault: Fault | None = None
    """Step 4: not a signing certificate."""
    member: ClientId | None = None
    """Step 5: whom the certificate speaks for."""
    member_fault: Fault | None = None
    """Step 5: nobody, or SigningCertificate names another certificate."""
    path: tuple[Certificate, ...] = field(default=(), repr=False)
    """Step 8: signing certificate to trust anchor; empty where there is none."""
    statuses: tuple[StatusEvidence, ...] = field(default=(), repr=False)
    """Step 8: one per certificate of the path but the anchor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureCheck:
    """One signature document judged but for message and instant; faults stay apart to be raised in X-Road's order."""

    policy: Policy
    """Which judged."""
    signature: XadesSignature | None = field(default=None, repr=False)
    """None where the document cannot be read."""
    reading_fault: Fault | None = None
    """Steps 1 and 2, and algorithms that the policy refuses."""
    value_fault: Fault | None = None
    """Step 6: the value or a reference into the document does not hold."""
    signer: SignerCheck = field(default_factory=SignerCheck)
    """Steps 4, 5 and 8."""


class CheckSigner(Protocol):
    """:func:`check_signer`, or what remembers its results as long as *trust* stays the same."""

    def __call__(self, signature: XadesSignature, *, instance: str, trust: TrustSource, policy: Policy) -> SignerCheck:
        """Judge who signed."""
        ...


def check_signer(signature: XadesSignature, *, instance: str, trust: TrustSource, policy: Policy) -> SignerCheck:
    """Judge who signed, by the certificates and OCSP answers that came along.

    The result depends on those, on the certificate digests and on the other arguments alone.
    """
    certificate = signature.certificate
    authority = trust.find_ca(instance, certificate.canonical_issuer)
    anchors = () if authority is None else (authority.certificate,)
    path = find_path(certificate, signature.extra_certificates, anchors)
    member, member_fault = _member(signature, "" if authority is None else authority.certificate_profile_info, instance)
    return SignerCheck(
        usage_fault=_usage_fault(certificate),
        member=member,
        member_fault=member_fault if authority is not None else _no_authority(certificate, instance),
        path=path,
        statuses=tuple(_statuses(signature, path, instance, trust, policy)),
    )


def check_signature(
    xml: bytes,
    *,
    instance: str,
    trust: TrustSource,
    policy: Policy,
    check_structure: bool = True,
    signer_check: CheckSigner = check_signer,
) -> SignatureCheck:
    """Judge a signature document; the result may be kept as long as *trust* stays the same.

    Args:
        instance: Where the message says the signer is.
        check_structure: Whether the XAdES content model is enforced: on the wire, not for evidence.
        signer_check: Judges who signed.
    """
    try:
        signature = parse_signature(xml, check_structure=check_structure)
    except TrustError as exc:
        return SignatureCheck(policy=policy, reading_fault=_reading_fault(exc))
    try:
        _require_allowed(signature, policy)
    except TrustError as exc:
        return SignatureCheck(policy=policy, signature=signature, reading_fault=_reading_fault(exc))
    return SignatureCheck(
        policy=policy,
        signature=signature,
        value_fault=_value_fault(signature, policy),
        signer=signer_check(signature, instance=instance, trust=trust, policy=policy),
    )


def _reading_fault(error: TrustError) -> Fault:
    if isinstance(error, UnsupportedAlgorithmError):
        return Fault(UNSUPPORTED, f"Signature uses an algorithm that does not count: {error}")
    if isinstance(error, StructureError):
        return Fault(MALFORMED, f"Signature is malformed: {error}")
    return Fault(INVALID_XML, f"Signature cannot be read: {error}")


def _require_allowed(signature: XadesSignature, policy: Policy) -> None:
    """Refuse algorithms before anything is computed with them."""
    certificate = signature.certificate
    digests = {reference.digest.algorithm for reference in signature.references}
    digests |= {digest.algorithm for digest in signature.certificate_digests}
    digests.add(signature.algorithm.digest)
    if certificate.signature_algorithm is None:
        raise UnsupportedAlgorithmError("the signing certificate is signed by an unknown algorithm")
    digests.add(certificate.signature_algorithm.digest)
    refused = sorted(algorithm.label for algorithm in digests - policy.digests)
    if refused:
        raise UnsupportedAlgorithmError(f"{', '.join(refused)} under policy {policy.name}")
    try:
        require_key_allowed(certificate.public_key_der, policy)
    except MalformedEvidenceError as exc:
        raise StructureError(f"the signing certificate's key cannot be read: {exc}") from exc


def _usage_fault(certificate: Certificate) -> Fault | None:
    if _NON_REPUDIATION in certificate.key_usage:
        return None
    return Fault(MALFORMED, f"Certificate {certificate.subject!r} is not a signing certificate (no nonRepudiation)")


def _no_authority(certificate: Certificate, instance: str) -> Fault:
    return Fault(CANNOT_CREATE_PATH, f"{certificate.issuer!r} is no approved authority of instance {instance!r}")


def _member(signature: XadesSignature, profile: str, instance: str) -> tuple[ClientId | None, Fault | None]:
    certificate = signature.certificate
    digests = signature.certificate_digests
    if not any(digest.algorithm.digest(certificate.der) == digest for digest in digests):
        text = "The signed property SigningCertificate names another certificate than KeyInfo"
        return None, Fault(INCORRECT_CERTIFICATE, text)
    try:
        return member_of(certificate, profile=profile, instance=instance), None
    except Fault as fault:
        return None, fault


def _value_fault(signature: XadesSignature, policy: Policy) -> Fault | None:
    inside = [reference for reference in signature.references if reference.content is not None]
    is_good = all(reference.holds for reference in inside) and verify_signature(
        signature.certificate.public_key_der,
        signature.signed_info,
        signature.signature_value,
        signature.algorithm,
        policy=policy,
        ecdsa=EcdsaFormat.RAW,
    )
    return None if is_good else Fault(INVALID_VALUE, "Signature is not valid")


def _statuses(
    signature: XadesSignature, path: tuple[Certificate, ...], instance: str, trust: TrustSource, policy: Policy
) -> Iterator[StatusEvidence]:
    for certificate, issuer in pairwise(path):
        authority = trust.find_ca(instance, issuer.canonical_subject)
        response = _response_about(certificate, issuer, signature.ocsp_values)
        verdict = None
        if response is not None:
            responders = () if authority is None else authority.responder_certificates
            others = trust.ca_certificates(instance)
            verdict = _judged_once(response, certificate, issuer, responders, others=others, policy=policy)
        yield StatusEvidence(certificate=certificate, verdict=verdict)


@lru_cache(maxsize=1024)
def _judged_once(
    response: bytes,
    certificate: Certificate,
    issuer: Certificate,
    responders: tuple[Certificate, ...],
    *,
    others: tuple[Certificate, ...],
    policy: Policy,
) -> StaticVerdict:
    """One answer goes along with every signature of its signer; nothing in this verdict depends on the instant."""
    return judge_static(response, cert=certificate, issuer=issuer, responders=responders, others=others, policy=policy)


def _response_about(certificate: Certificate, issuer: Certificate, responses: tuple[bytes, ...]) -> bytes | None:
    wanted = cert_id_of(certificate, issuer)
    return next((response for response in responses if _subject_of(response) == wanted), None)


@lru_cache(maxsize=1024)
def _subject_of(response: bytes) -> CertId | None:
    """Whom an answer is about; None for one nobody can read, which proves nothing: another may."""
    try:
        return parse_response(response).cert_id
    except MalformedEvidenceError:
        return None
