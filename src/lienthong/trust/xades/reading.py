"""Reading a signature strictly, into the bytes that were hashed and signed and nothing else.

Elements are found by namespace along one fixed path from ds:Signature; a property that stands anywhere else does not
exist for us. Bytes reported as signed are canonicalized from the very element that was read, so that a moved or doubled
element cannot show one thing and sign another. Source: XMLDSIG s.4; ETSI TS 101 903 v1.3.2; message-path dossier s.4.3.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from lxml import etree

from lienthong.trust.algorithms import Digest, DigestAlgorithm, SignatureAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import MalformedEvidenceError
from lienthong.trust.xades import names
from lienthong.trust.xades.structure import SIGNATURE_MODEL, StructureError
from lienthong.trust.xades.xml import Element, canonicalize, read_xml

_NS = {"ds": names.DS, "x": names.XADES}
_PROPERTIES = "ds:Object/x:QualifyingProperties"
_UNSIGNED = f"{_PROPERTIES}/x:UnsignedProperties/x:UnsignedSignatureProperties"
_ALL_IDS = etree.XPath("//@*[translate(local-name(), 'ID', 'id') = 'id']")
_FRACTION = re.compile(r"\.(\d{1,6})\d*")


@dataclass(frozen=True, slots=True, kw_only=True)
class XadesReference:
    """One ds:Reference of SignedInfo."""

    uri: str
    """As written: ``/message.xml``, ``#signed-properties``."""
    digest: Digest
    """What the reference says the digest is."""
    transforms: tuple[str, ...]
    """Canonicalization algorithm URIs, in order; nothing else is accepted."""
    content: bytes | None
    """Canonical bytes of the element it points at in this document; None for an outside object."""

    @property
    def holds(self) -> bool:
        """Whether a reference into this document has the digest it says; False for an outside object."""
        return self.content is not None and self.digest.algorithm.digest(self.content) == self.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class XadesSignature:
    """A signature as read: what was signed, by whom, and the evidence that came along."""

    algorithm: SignatureAlgorithm
    """From SignatureMethod."""
    signed_info: bytes
    """Canonical SignedInfo in document context: what the value signs."""
    signature_value: bytes
    """Decoded SignatureValue; ECDSA as r‖s."""
    references: tuple[XadesReference, ...]
    """In document order."""
    certificate: Certificate
    """The signing certificate: first of KeyInfo."""
    certificate_digests: tuple[Digest, ...]
    """From SigningCertificate and SigningCertificateV2, all signed."""
    signing_time: datetime | None
    """What the signer claims, aware UTC."""
    signed_properties: bytes
    """Canonical SignedProperties by the form of its reference."""
    extra_certificates: tuple[Certificate, ...]
    """Others of KeyInfo, then CertificateValues."""
    ocsp_values: tuple[bytes, ...]
    """OCSPResponse DER in document order."""
    timestamp: bytes | None
    """RFC 3161 token of the first SignatureTimeStamp, DER."""

    @property
    def outside_references(self) -> tuple[XadesReference, ...]:
        """References to data objects outside the signature document."""
        return tuple(reference for reference in self.references if reference.content is None)


def read_signature(xml: bytes, *, check_structure: bool = True) -> XadesSignature:
    """Read a signature document from its first byte to its last.

    Args:
        check_structure: Whether the content model of XAdES 1.3.2 is enforced, as on the wire.
    Raises:
        StructureError: well-formed, but not a signature we could judge.
        MalformedEvidenceError: not well-formed XML, or one with a document type.
        UnsupportedAlgorithmError: it names an algorithm that nobody here knows.
    """
    root = read_xml(xml)
    if next(root.iter(etree.Comment, etree.ProcessingInstruction), None) is not None:
        raise StructureError("signature holds a comment or processing instruction")  # it could split a signed text
    ids = _unique_ids(root)
    signature = _find_signature(root)
    if signature.find("ds:Object", _NS) is None:
        raise StructureError("signature has no ds:Object")
    if check_structure:
        SIGNATURE_MODEL.require(signature)
    return _read(signature, ids)


def _unique_ids(root: Element) -> dict[str, Element]:
    found = cast("list[etree._ElementUnicodeResult]", _ALL_IDS(root))
    ids = {str(value): owner for value in found if (owner := value.getparent()) is not None}
    if len(ids) != len(found) or len(set(map(id, ids.values()))) != len(found):
        raise StructureError("an Id is used twice, or an element has two")
    return ids


def _find_signature(root: Element) -> Element:
    tag = f"{{{names.DS}}}Signature"
    if root.tag == tag:
        return root
    if len(root) == 1 and not root.text and root[0].tag == tag:
        return root[0]
    raise StructureError("ds:Signature is not the one and first child node of the document element")


def _read(signature: Element, ids: dict[str, Element]) -> XadesSignature:
    info = _one(signature, "ds:SignedInfo")
    canonical = _algorithm(_one(info, "ds:CanonicalizationMethod"))
    properties = _one(signature, f"{_PROPERTIES}/x:SignedProperties")
    references = tuple(_reference(element, signature, ids) for element in info.iterfind("ds:Reference", _NS))
    certificates = _certificates(signature)
    return XadesSignature(
        algorithm=SignatureAlgorithm.from_uri(_algorithm(_one(info, "ds:SignatureMethod"))),
        signed_info=canonicalize(info, canonical, prefixes=_prefixes(_one(info, "ds:CanonicalizationMethod"))),
        signature_value=_base64(_one(signature, "ds:SignatureValue")),
        references=references,
        certificate=certificates[0],
        certificate_digests=_certificate_digests(properties),
        signing_time=_signing_time(properties),
        signed_properties=_signed_properties(properties, references),
        extra_certificates=(*certificates[1:], *_extra_certificates(signature, ids)),
        ocsp_values=_values(signature, "x:RevocationValues/x:OCSPValues/x:EncapsulatedOCSPValue"),
        timestamp=next(iter(_values(signature, "x:SignatureTimeStamp/x:EncapsulatedTimeStamp")), None),
    )


def _reference(element: Element, signature: Element, ids: dict[str, Element]) -> XadesReference:
    uri = element.get("URI")
    if uri is None:
        raise StructureError("a reference has no URI")
    steps = element.findall("ds:Transforms/ds:Transform", _NS)
    content = _same_document(uri, steps, signature, ids) if uri.startswith("#") or not uri else None
    return XadesReference(
        uri=uri, digest=_digest(element), transforms=tuple(_algorithm(step) for step in steps), content=content
    )


def _same_document(uri: str, steps: list[Element], signature: Element, ids: dict[str, Element]) -> bytes:
    target = ids.get(uri[1:]) if uri else None
    if target is None or signature not in target.iterancestors():
        raise StructureError(f"reference {uri!r} does not lead to one element inside the signature")
    if len(steps) > 1:
        raise StructureError(f"reference {uri!r} is transformed more than once")
    if not steps:
        return canonicalize(target)
    return canonicalize(target, _algorithm(steps[0]), prefixes=_prefixes(steps[0]))


def _signed_properties(properties: Element, references: tuple[XadesReference, ...]) -> bytes:
    """The canonical bytes under which the properties are signed; they must be."""
    wanted = properties.get("Id")
    for reference in references:
        if wanted and reference.uri == f"#{wanted}" and reference.content is not None:
            return reference.content
    raise StructureError("SignedProperties are not signed")


def _certificates(signature: Element) -> tuple[Certificate, ...]:
    found = signature.findall("ds:KeyInfo/ds:X509Data/ds:X509Certificate", _NS)
    if not found:
        raise StructureError("KeyInfo holds no certificate")
    return tuple(_certificate(_base64(element)) for element in found)


def _certificate(der: bytes) -> Certificate:
    try:
        return Certificate.from_der(der)
    except MalformedEvidenceError as exc:
        raise StructureError(f"a certificate in the signature cannot be read: {exc}") from exc


def _certificate_digests(properties: Element) -> tuple[Digest, ...]:
    base = "x:SignedSignatureProperties/x:SigningCertificate"
    paths = (f"{base}/x:Cert/x:CertDigest", f"{base}V2/x:Cert/x:CertDigest")
    return tuple(_digest(element) for path in paths for element in properties.iterfind(path, _NS))


def _signing_time(properties: Element) -> datetime | None:
    text = properties.findtext("x:SignedSignatureProperties/x:SigningTime", namespaces=_NS)
    return None if text is None else read_signing_time(text.strip())


def read_signing_time(text: str) -> datetime:
    """An xs:dateTime as aware UTC; without a zone it is taken for UTC. Raises StructureError."""
    try:
        trimmed = _FRACTION.sub(lambda found: "." + found[1].ljust(6, "0"), text)
        parsed = datetime.fromisoformat(trimmed)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError) as exc:  # the first and last day that can be held may not exist in UTC
        raise StructureError("SigningTime is no time") from exc


def _extra_certificates(signature: Element, ids: dict[str, Element]) -> Iterator[Certificate]:
    for ref in signature.iterfind(f"{_UNSIGNED}/x:CompleteCertificateRefs/x:CertRefs/x:Cert", _NS):
        _require_certificate(ref, ids)
    for der in _values(signature, "x:CertificateValues/x:EncapsulatedX509Certificate"):
        yield _certificate(der)


def _require_certificate(ref: Element, ids: dict[str, Element]) -> None:
    target = ids.get((ref.get("URI") or "")[1:])
    if target is None or target.tag != f"{{{names.XADES}}}EncapsulatedX509Certificate":
        raise StructureError("a certificate that the signature refers to is not in it")
    stated = _digest(_one(ref, "x:CertDigest"))
    if stated.algorithm.digest(_base64(target)) != stated:
        raise StructureError("a certificate in the signature is not the one it refers to")


def _values(signature: Element, path: str) -> tuple[bytes, ...]:
    return tuple(_base64(element) for element in signature.iterfind(f"{_UNSIGNED}/{path}", _NS))


def _digest(parent: Element) -> Digest:
    method = DigestAlgorithm.from_uri(_algorithm(_one(parent, "ds:DigestMethod")))
    return Digest(method, _base64(_one(parent, "ds:DigestValue")))


def _algorithm(element: Element) -> str:
    return element.get("Algorithm") or ""


def _prefixes(method: Element) -> tuple[str, ...]:
    listed = method.find(f"{{{names.EXCLUSIVE_C14N}}}InclusiveNamespaces")
    return () if listed is None else tuple((listed.get("PrefixList") or "").split())


def _one(parent: Element, path: str) -> Element:
    found = parent.findall(path, _NS)
    if len(found) != 1:
        raise StructureError(
            f"signature has {len(found)} elements {path.rpartition('/')[2].partition(':')[2]}, not one"
        )
    return found[0]


def _base64(element: Element) -> bytes:
    if len(element):
        raise StructureError("base64 text is interrupted by an element")
    try:
        return binascii.a2b_base64("".join((element.text or "").split()).encode("ascii"), strict_mode=True)
    except ValueError as exc:
        raise StructureError(f"{etree.QName(element).localname} is not base64") from exc
