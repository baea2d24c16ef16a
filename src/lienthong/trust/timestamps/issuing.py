"""Making timestamp tokens and replies with any signing key. Source: RFC 3161 s.2.4.2; RFC 5816; RFC 5652 s.5."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import algos, cms, core, tsp, x509

from lienthong.trust.algorithms import DigestAlgorithm, SignatureAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.keys.notation import identifier_of
from lienthong.trust.keys.software import SigningKey
from lienthong.trust.timestamps.queries import Reply, TimestampQuery, encode_imprint, parse_query

_STRONG = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenDetails:
    """What an authority adds to a query."""

    serial: int
    """Never used before by this authority."""
    gen_time: datetime
    """Aware UTC, whole seconds count."""
    policy_oid: str
    """Dotted OID of the authority's timestamp policy."""
    accuracy_seconds: int = 1
    """How far gen_time may be off."""


def issue_token(
    query: TimestampQuery,
    details: TokenDetails,
    *,
    certificate: Certificate,
    key: SigningKey,
    digest: DigestAlgorithm = DigestAlgorithm.SHA256,
) -> bytes:
    """Stamp what *query* asks for, DER; the certificate goes in where certReq says so.

    Args:
        certificate: The authority's own, of *key*.
    Raises:
        KeyAccessError: the key cannot sign.
    """
    algorithm = SignatureAlgorithm.for_key(key.key_type, digest)
    content = _tst_info(query, details).dump()
    attributes = _signed_attributes(content, certificate, details.gen_time, digest)
    identifier = algos.DigestAlgorithm({"algorithm": digest.oid})
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            cms.IssuerAndSerialNumber(
                {"issuer": x509.Name.load(certificate.issuer_der), "serial_number": certificate.serial}
            ),
        ),
        "digest_algorithm": identifier,
        "signed_attrs": attributes,
        "signature_algorithm": identifier_of(algorithm),
        "signature": key.sign(attributes.untag().dump(), algorithm),
    }
    signed: dict[str, object] = {
        "version": "v3",
        "digest_algorithms": [identifier],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
        "signer_infos": [signer],
    }
    if query.wants_certificate:
        signed["certificates"] = [cms.CertificateChoices("certificate", x509.Certificate.load(certificate.der))]
    encoded: bytes = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)}).dump()
    return encoded


def issue_reply(
    query_der: bytes,
    details: TokenDetails,
    *,
    certificate: Certificate,
    key: SigningKey,
    digest: DigestAlgorithm = DigestAlgorithm.SHA256,
) -> bytes:
    """Answer a query, DER: a token, or a refusal that says what is wrong with the query. Raises KeyAccessError."""
    try:
        query = parse_query(query_der)
    except UnsupportedAlgorithmError as exc:
        return rejection("bad_alg", str(exc))
    except MalformedEvidenceError as exc:
        return rejection("bad_data_format", str(exc))
    if query.digest.algorithm not in _STRONG:
        return rejection("bad_alg", f"{query.digest.algorithm.label} is not stamped any more")
    if query.policy_oid not in {None, details.policy_oid}:
        return rejection("unaccepted_policy", f"this authority's policy is {details.policy_oid}")
    token = issue_token(query, details, certificate=certificate, key=key, digest=digest)
    granted = {"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(token)}
    encoded: bytes = Reply(granted).dump()
    return encoded


def rejection(failure: str, text: str) -> bytes:
    """A reply without a token; *failure* is asn1crypto's name of a PKIFailureInfo bit, such as ``bad_alg``."""
    status = {"status": "rejection", "status_string": [text], "fail_info": {failure}}
    encoded: bytes = Reply({"status": status}).dump()
    return encoded


def _tst_info(query: TimestampQuery, details: TokenDetails) -> tsp.TSTInfo:
    fields: dict[str, object] = {
        "version": "v1",
        "policy": details.policy_oid,
        "message_imprint": encode_imprint(query.digest, null_parameters=query.null_parameters),
        "serial_number": details.serial,
        "gen_time": details.gen_time.replace(microsecond=0),
        "accuracy": {"seconds": details.accuracy_seconds},
    }
    if query.nonce is not None:
        fields["nonce"] = query.nonce
    return tsp.TSTInfo(fields)


def _signed_attributes(
    content: bytes, certificate: Certificate, gen_time: datetime, digest: DigestAlgorithm
) -> cms.CMSAttributes:
    named = {"cert_hash": certificate.hash(DigestAlgorithm.SHA256).value}
    signing_time = cms.Time("utc_time", core.UTCTime(gen_time.replace(microsecond=0)))
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "signing_time", "values": [signing_time]}),
            cms.CMSAttribute({"type": "message_digest", "values": [digest.digest(content).value]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [{"certs": [named]}]}),
        ]
    )
