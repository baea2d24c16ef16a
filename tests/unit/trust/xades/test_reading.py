"""Signatures read strictly: real ones as they are, others refused by what is wrong with them."""

import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.fakes.signing import MESSAGE, Signer, signed
from tests.shared import shared

from lienthong.trust.errors import MalformedEvidenceError, TrustError, UnsupportedAlgorithmError
from lienthong.trust.xades import parse_signature
from lienthong.trust.xades.structure import StructureError

GENUINE = {
    "sign-0.xml": ["/message.xml", "#signed-properties"],
    "sign-0-old-format.xml": ["/message.xml", "#signed-properties"],
    "sign-0-invalid-signature-value.xml": ["/message.xml", "#signed-properties"],
    "batch-sig.xml": ["/sig-hashchainresult.xml", "#signed-properties"],
    "non-batch-sig/signatures.xml": ["/message.xml", "/attachment1", "#xades-id-8e87046fa17c6daf960df4323a3e0b4c"],
}
NOT_WELL_FORMED = ["empty.xml", "sign-0-malformed-xml.xml"]
NO_SIGNATURE = [
    "sign-0-no-signature.xml",
    "sign-0-no-objectcontainer.xml",
    "sign-0-schema-fail.xml",
    "extra-certs-missing-cert.xml",
    "xades.signature.ts.xml",
    "hash-chain-1.xml",
]


def fixture(name: str) -> bytes:
    return shared(f"fixtures/xroad/signatures/{name}").read_bytes()


@cache
def good() -> bytes:
    return Signer().sign(signed("/message.xml", MESSAGE))


@pytest.mark.parametrize("name", GENUINE)
def test_genuine_signatures_are_read(name: str) -> None:
    read = parse_signature(fixture(name))
    assert [reference.uri for reference in read.references] == GENUINE[name]
    assert read.references[-1].holds
    assert not read.references[0].holds
    assert read.signed_properties == read.references[-1].content


@pytest.mark.parametrize("name", NOT_WELL_FORMED)
def test_what_is_no_xml(name: str) -> None:
    with pytest.raises(MalformedEvidenceError) as caught:
        parse_signature(fixture(name))
    assert not isinstance(caught.value, StructureError)


@pytest.mark.parametrize("name", NO_SIGNATURE)
def test_what_is_no_signature(name: str) -> None:
    with pytest.raises(StructureError):
        parse_signature(fixture(name))


def test_structure_is_not_asked_of_evidence() -> None:
    loose = good().replace(b"<xades:SigPolicyHash>", b"<xades:Unheard></xades:Unheard><xades:SigPolicyHash>")
    with pytest.raises(StructureError):
        parse_signature(loose)
    assert not parse_signature(loose, check_structure=False).references[1].holds


def edit(old: str, new: str, count: int = 1) -> bytes:
    xml = good()
    assert old.encode() in xml
    return xml.replace(old.encode(), new.encode(), count)


WRAPPED = {
    "document type": edit("<asic:XAdES", "<!DOCTYPE x><asic:XAdES"),
    "whitespace before Signature": edit("<ds:Signature Id", "\n<ds:Signature Id"),
    "second child of the root": edit("</ds:Signature></asic", "</ds:Signature><ds:Signature/></asic"),
    "comment that splits a text": edit("text/xml", "text/<!-- -->xml"),
    "processing instruction": edit("<ds:KeyInfo>", "<?x y?><ds:KeyInfo>"),
    "an Id twice": edit('Id="signature-value"', 'Id="signed-properties"'),
    "Ids in two attributes": edit('Id="signature-value"', 'Id="signature-value" xml:id="signature"'),
    "reference to nothing": edit('URI="#signed-properties"', 'URI="#elsewhere"'),
    "reference to the whole document": edit('URI="#signed-properties"', 'URI=""'),
    "reference to the signature itself": edit('URI="#signed-properties"', 'URI="#signature"'),
    "no certificate": re.sub(b"<ds:KeyInfo>.*</ds:KeyInfo>", b"", good()),
    "a certificate that is none": re.sub(b"(?<=<ds:X509Certificate>)[^<]*", b"AAAA", good()),
    "base64 cut short": edit("</ds:SignatureValue>", "A</ds:SignatureValue>"),
    "element inside base64": edit("</ds:SignatureValue>", "<ds:XPath/></ds:SignatureValue>"),
    "SigningTime before all time": re.sub(b"(?<=<xades:SigningTime>)[^<]*", b"0001-01-01T00:00:00+14:00", good()),
    "SigningTime that is none": edit("<xades:SigningTime>2026-11", "<xades:SigningTime>2026-41"),
    "two SignedInfo": edit("<ds:SignatureValue", "<ds:SignedInfo/><ds:SignatureValue"),
    "properties twice": edit(
        "<xades:UnsignedProperties>", '<xades:SignedProperties Id="other"/><xades:UnsignedProperties>'
    ),
}


@pytest.mark.parametrize("name", WRAPPED)
@pytest.mark.parametrize("check_structure", [True, False])
def test_wrapping_and_hiding_is_refused(name: str, check_structure: bool) -> None:
    with pytest.raises(MalformedEvidenceError):
        parse_signature(WRAPPED[name], check_structure=check_structure)


def test_reference_without_uri() -> None:
    with pytest.raises(StructureError, match="no URI"):
        parse_signature(edit(' URI="/message.xml"', ""))


def test_properties_must_be_signed() -> None:
    without = re.sub(rb'<ds:Reference Id="signature-reference-1".*?</ds:Reference>', b"", good())
    with pytest.raises(StructureError, match="not signed"):
        parse_signature(without)


def test_two_transforms_are_refused() -> None:
    transform = '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'
    xml = edit('URI="#signed-properties">', f'URI="#signed-properties"><ds:Transforms>{transform * 2}</ds:Transforms>')
    with pytest.raises(StructureError, match="more than once"):
        parse_signature(xml)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("xmldsig-more#ecdsa-sha512", "xmldsig-more#ecdsa-md5"),
        ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
        ("http://www.w3.org/2001/04/xmlenc#sha512", "http://www.w3.org/2001/04/xmldsig-more#md5"),
    ],
)
def test_unknown_algorithms(old: str, new: str) -> None:
    with pytest.raises(UnsupportedAlgorithmError):
        parse_signature(edit(old, new))


def test_inclusive_prefixes_are_honoured() -> None:
    method = (
        '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">'
        '<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="asic xsi"/>'
        "</ds:CanonicalizationMethod>"
    )
    plain = '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315">'
    info = parse_signature(edit(plain + "</ds:CanonicalizationMethod>", method)).signed_info
    assert info.startswith(b"<ds:SignedInfo xmlns:asic=")
    assert b"xmlns:xades" not in info[:300]


def test_time_without_zone_is_utc() -> None:
    read = parse_signature(edit("03:00:00.000Z", "03:00:00.1234567"))
    assert read.signing_time is not None
    assert read.signing_time.isoformat() == "2026-11-25T03:00:00.123456+00:00"


def test_certificate_refs_must_lead_to_their_certificates() -> None:
    xml = Signer(extra=(Signer(name="Other").certificate,), answers=2).sign()
    parse_signature(xml)
    with pytest.raises(StructureError, match="is not in it"):
        parse_signature(xml.replace(b'URI="#encapsulated-cert-1"', b'URI="#signature-value"'))
    other = Signer(name="Third").certificate.hash(read_digest := parse_signature(xml).references[0].digest.algorithm)
    assert read_digest is other.algorithm
    with pytest.raises(StructureError, match="not the one"):
        parse_signature(swap_first_ref_digest(xml))


def swap_first_ref_digest(xml: bytes) -> bytes:
    head, tail = xml.split(b"<xades:CertRefs>", 1)
    return head + b"<xades:CertRefs>" + re.sub(rb"(?<=<ds:DigestValue>)[^<]*", b"AAAA", tail, count=1)


def test_carriage_returns_count() -> None:
    """Base64 as genuine servers wrap it: &#13; belongs to what is signed."""
    xml = fixture("sign-0.xml")
    assert b"&#13;" in xml
    assert b"&#xD;" in parse_signature(xml).signed_info
    assert b"&#xD;" not in parse_signature(xml.replace(b"&#13;", b"")).signed_info


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_change_is_read_or_refused(data: st.DataObject) -> None:
    xml = bytearray(good())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(xml) - 1))
        xml[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=8))
    try:
        read = parse_signature(bytes(xml))
    except TrustError:
        return
    assert read.references


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(MalformedEvidenceError):
        parse_signature(noise)


def test_reported_bytes_are_the_signed_bytes() -> None:
    """What the caller is told about is canonicalized from the element that was read."""
    read = parse_signature(good())
    properties = etree.fromstring(read.signed_properties)
    assert properties.get("Id") == "signed-properties"
    assert etree.fromstring(read.signed_info).findtext("{*}Reference/{*}DigestValue") == etree.fromstring(
        good()
    ).findtext(".//{*}DigestValue")
