"""Signatures written from a byte template whose parts are canonical from the start.

The text of SignedInfo and SignedProperties is their canonical form but for the namespaces in scope, so nothing is
parsed to sign. Everything that depends only on the signer is put together once.
Source: message-path dossier s.4.3; Canonical XML 1.0 s.1.1; ETSI TS 101 903 v1.3.2.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lienthong.trust.algorithms import Digest, DigestAlgorithm, KeyType, SignatureAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.keys import SigningKey, raw_from_der
from lienthong.trust.keys.verification import load_public_key
from lienthong.trust.xades import names

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>'
_IN_SCOPE = f' xmlns:asic="{names.ASIC}" xmlns:ds="{names.DS}" xmlns:xades="{names.XADES}" xmlns:xsi="{names.XSI}"'
_HEAD = f'{_DECLARATION}<asic:XAdESSignatures{_IN_SCOPE}><ds:Signature Id="{names.SIGNATURE_ID}">'
_TAIL = "</ds:Signature></asic:XAdESSignatures>"


@dataclass(frozen=True, slots=True)
class SignedObject:
    """A data object outside the signature that the signature covers."""

    name: str
    """Reference URI: ``/message.xml``, ``/sig-hashchainresult.xml``."""
    digest: Digest
    """Digest of its bytes."""
    mime_type: str
    """``text/xml``, ``application/hash-chain-result``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPolicy:
    """The signature policy that the signer states."""

    identifier: str
    """URN of an OID."""
    description: str
    """Its name."""
    digest: Digest
    """Digest of the policy document."""
    uri: str
    """Where the document is."""


XROAD_SIGNATURE_POLICY = SignedPolicy(
    identifier="urn:oid:1.3.6.1.4.1.3516.16.2",
    description="Profile for High Performance Digital Signatures (version 1.2)",
    digest=Digest(
        DigestAlgorithm.SHA512,
        b64decode("BuO0EDNfkxSVlUbxCzmQPzX1AUF1/xx9ytWHk3/6SAOePxQiniEfDYk+90QeYb3lWpV3Izhuz9fKaYyE+lTcXw=="),
    ),
    uri="https://repo.cyber.ee/dsig-profile-1.2.pdf",
)
"""The policy that X-Road servers state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureTemplate:
    """Everything of a signature that does not change from message to message of one signer."""

    algorithm: SignatureAlgorithm
    """How the signer's key signs."""
    key_info: str
    """ds:KeyInfo."""
    after_time: str
    """The rest of SignedSignatureProperties behind SigningTime."""
    unsigned: str
    """xades:UnsignedProperties."""

    @classmethod
    def for_signer(
        cls,
        certificate: Certificate,
        *,
        algorithm: SignatureAlgorithm,
        ocsp_values: Sequence[bytes],
        extra_certificates: Sequence[Certificate] = (),
        policy: SignedPolicy = XROAD_SIGNATURE_POLICY,
    ) -> SignatureTemplate:
        """Prepare for a signer.

        Args:
            ocsp_values: OCSPResponse DER, the signing certificate's first, then one per extra certificate.
            extra_certificates: Intermediate CA certificates, nearest to the signer first.
        """
        certified = f"<xades:SigningCertificate>{_cert(certificate)}</xades:SigningCertificate>"
        return cls(
            algorithm=algorithm,
            key_info=_key_info(certificate),
            after_time=certified + _policy(policy),
            unsigned=_unsigned(ocsp_values, extra_certificates),
        )

    def sign(self, key: SigningKey, objects: Sequence[SignedObject], signing_time: datetime) -> bytes:
        """Return the signature document over *objects* (at least one), made at *signing_time* (aware)."""
        properties = self._signed_properties(objects, signing_time)
        digest = self.algorithm.digest.digest(_in_context(properties, "xades:SignedProperties"))
        info = self._signed_info(objects, digest)
        value = _sign(key, _in_context(info, "ds:SignedInfo"), self.algorithm)
        return (
            f"{_HEAD}{info}"
            f'<ds:SignatureValue Id="{names.SIGNATURE_VALUE_ID}">{b64encode(value).decode()}</ds:SignatureValue>'
            f"{self.key_info}<ds:Object>"
            f'<xades:QualifyingProperties Target="#{names.SIGNATURE_ID}">{properties}{self.unsigned}'
            f"</xades:QualifyingProperties></ds:Object>{_TAIL}"
        ).encode()

    def _signed_properties(self, objects: Sequence[SignedObject], signing_time: datetime) -> str:
        formats = "".join(
            f'<xades:DataObjectFormat ObjectReference="#{names.REFERENCE_ID}{number}">'
            f"<xades:MimeType>{_text(item.mime_type)}</xades:MimeType></xades:DataObjectFormat>"
            for number, item in enumerate(objects)
        )
        time = signing_time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return (
            f'<xades:SignedProperties Id="{names.SIGNED_PROPERTIES_ID}"><xades:SignedSignatureProperties>'
            f"<xades:SigningTime>{time}</xades:SigningTime>{self.after_time}</xades:SignedSignatureProperties>"
            f"<xades:SignedDataObjectProperties>{formats}</xades:SignedDataObjectProperties></xades:SignedProperties>"
        )

    def _signed_info(self, objects: Sequence[SignedObject], properties: Digest) -> str:
        references = "".join(
            f'<ds:Reference Id="{names.REFERENCE_ID}{number}" URI="{_attribute(item.name)}">'
            f"{_digest(item.digest)}</ds:Reference>"
            for number, item in enumerate(objects)
        )
        return (
            "<ds:SignedInfo>"
            f'<ds:CanonicalizationMethod Algorithm="{names.C14N}"></ds:CanonicalizationMethod>'
            f'<ds:SignatureMethod Algorithm="{self.algorithm.uri}"></ds:SignatureMethod>{references}'
            f'<ds:Reference Id="{names.REFERENCE_ID}{len(objects)}" Type="{names.SIGNED_PROPERTIES_TYPE}"'
            f' URI="#{names.SIGNED_PROPERTIES_ID}">{_digest(properties)}</ds:Reference></ds:SignedInfo>'
        )


def build_signature(
    key: SigningKey,
    certificate: Certificate,
    objects: Sequence[SignedObject],
    signing_time: datetime,
    *,
    ocsp_values: Sequence[bytes],
    extra_certificates: Sequence[Certificate] = (),
    algorithm: SignatureAlgorithm | None = None,
    policy: SignedPolicy = XROAD_SIGNATURE_POLICY,
) -> bytes:
    """Sign *objects* once; a signer of many messages keeps a :class:`SignatureTemplate` instead.

    Args:
        algorithm: The key type's default with SHA-512 where None.
    Returns:
        The signature document, UTF-8.
    Raises:
        KeyAccessError: the key refuses.
    """
    template = SignatureTemplate.for_signer(
        certificate,
        algorithm=algorithm or SignatureAlgorithm.for_key(key.key_type),
        ocsp_values=ocsp_values,
        extra_certificates=extra_certificates,
        policy=policy,
    )
    return template.sign(key, objects, signing_time)


def _sign(key: SigningKey, data: bytes, algorithm: SignatureAlgorithm) -> bytes:
    value = key.sign(data, algorithm)
    if algorithm.key_type is KeyType.EC:
        return raw_from_der(value, (load_public_key(key.public_key_der).key_size + 7) // 8)
    return value


def _in_context(element: str, tag: str) -> bytes:
    """Canonical form of *element*: namespaces in scope are rendered on its start tag, before its attributes."""
    return f"<{tag}{_IN_SCOPE}{element[len(tag) + 1 :]}".encode()


def _key_info(certificate: Certificate) -> str:
    der = b64encode(certificate.der).decode()
    return f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"


def _cert(certificate: Certificate, attributes: str = "") -> str:
    return (
        f"<xades:Cert{attributes}>"
        f"<xades:CertDigest>{_digest(certificate.hash(DigestAlgorithm.SHA512))}</xades:CertDigest>"
        f"<xades:IssuerSerial><ds:X509IssuerName>{_text(certificate.issuer)}</ds:X509IssuerName>"
        f"<ds:X509SerialNumber>{certificate.serial}</ds:X509SerialNumber></xades:IssuerSerial></xades:Cert>"
    )


def _policy(policy: SignedPolicy) -> str:
    return (
        "<xades:SignaturePolicyIdentifier><xades:SignaturePolicyId><xades:SigPolicyId>"
        f'<xades:Identifier Qualifier="OIDAsURN">{_text(policy.identifier)}</xades:Identifier>'
        f"<xades:Description>{_text(policy.description)}</xades:Description></xades:SigPolicyId>"
        f"<xades:SigPolicyHash>{_digest(policy.digest)}</xades:SigPolicyHash>"
        f"<xades:SigPolicyQualifiers><xades:SigPolicyQualifier><xades:SPURI>{_text(policy.uri)}</xades:SPURI>"
        "</xades:SigPolicyQualifier></xades:SigPolicyQualifiers>"
        "</xades:SignaturePolicyId></xades:SignaturePolicyIdentifier>"
    )


def _unsigned(ocsp_values: Sequence[bytes], extra: Sequence[Certificate]) -> str:
    answers = "".join(
        f'<xades:EncapsulatedOCSPValue Id="ocsp-response-{number}">{b64encode(der).decode()}'
        "</xades:EncapsulatedOCSPValue>"
        for number, der in enumerate(ocsp_values, 1)
    )
    return (
        f"<xades:UnsignedProperties><xades:UnsignedSignatureProperties>{_extra_certificates(extra)}"
        f"<xades:RevocationValues><xades:OCSPValues>{answers}</xades:OCSPValues></xades:RevocationValues>"
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )


def _extra_certificates(extra: Sequence[Certificate]) -> str:
    if not extra:
        return ""
    refs = "".join(_cert(item, f' URI="#encapsulated-cert-{number}"') for number, item in enumerate(extra, 1))
    values = "".join(
        f'<xades:EncapsulatedX509Certificate Id="encapsulated-cert-{number}">{b64encode(item.der).decode()}'
        "</xades:EncapsulatedX509Certificate>"
        for number, item in enumerate(extra, 1)
    )
    return (
        f'<xades:CompleteCertificateRefs Id="complete-certificate-refs"><xades:CertRefs>{refs}</xades:CertRefs>'
        f"</xades:CompleteCertificateRefs><xades:CertificateValues>{values}</xades:CertificateValues>"
    )


def _digest(digest: Digest) -> str:
    return (
        f'<ds:DigestMethod Algorithm="{digest.algorithm.uri}"></ds:DigestMethod>'
        f"<ds:DigestValue>{b64encode(digest.value).decode()}</ds:DigestValue>"
    )


def _text(value: str) -> str:
    """Escape text the way Canonical XML does."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


def _attribute(value: str) -> str:
    """Escape an attribute value the way Canonical XML does."""
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return escaped.replace("\t", "&#x9;").replace("\n", "&#xA;").replace("\r", "&#xD;")
