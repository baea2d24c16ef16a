"""The byte template writes what a canonicalizer, a schema and xmlsec1 agree with."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from tests.fakes import pki
from tests.fakes.signing import MESSAGE, Signer, signed
from tests.shared import shared

from lienthong.trust.algorithms import DigestAlgorithm, KeyType
from lienthong.trust.xades import XROAD_SIGNATURE_POLICY, SignedPolicy, build_signature, canonicalize, parse_signature
from lienthong.trust.xades.names import DS, XADES

KEYS = [KeyType.EC, KeyType.RSA]
AWKWARD = 'O=A&B <C> "D",CN=Đơn vị\r\x09Một'


def text_of(xml: bytes, tag: str) -> bytes:
    start = xml.index(b"<" + tag.encode())
    end = xml.index(b"</" + tag.encode() + b">")
    return xml[start : end + len(tag) + 3]


@pytest.mark.parametrize("key_type", KEYS)
@pytest.mark.parametrize("tag", ["ds:SignedInfo", "xades:SignedProperties"])
def test_template_text_is_its_canonical_form(key_type: KeyType, tag: str) -> None:
    xml = Signer(key_type=key_type).sign(signed("/message.xml", MESSAGE), signed("/attachment1", b"x"))
    prefix, local = tag.split(":")
    element = etree.fromstring(xml).find(f".//{{{ {'ds': DS, 'xades': XADES}[prefix] }}}{local}")
    assert element is not None
    scope = (
        b' xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
        b' xmlns:xades="http://uri.etsi.org/01903/v1.3.2#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    written = text_of(xml, tag).replace(f"<{tag}".encode(), f"<{tag}".encode() + scope, 1)
    assert canonicalize(element) == written


@pytest.mark.parametrize("key_type", KEYS)
def test_what_was_written_is_read_back(key_type: KeyType) -> None:
    signer = Signer(key_type=key_type)
    read = parse_signature(signer.sign(signed("/message.xml", MESSAGE)))
    assert [r.uri for r in read.references] == ["/message.xml", "#signed-properties"]
    assert read.references[0].digest == DigestAlgorithm.SHA512.digest(MESSAGE)
    assert read.references[1].holds
    assert read.certificate == signer.certificate
    assert read.certificate_digests == (signer.certificate.hash(DigestAlgorithm.SHA512),)
    assert len(read.ocsp_values) == 1
    assert read.signing_time == pki.NOW
    assert read.timestamp is None


def test_extra_certificates_travel() -> None:
    extra = (pki.issuing(), pki.root())
    read = parse_signature(Signer(extra=extra, answers=3).sign())
    assert read.extra_certificates == extra
    assert len(read.ocsp_values) == 3


def test_names_with_markup_are_escaped_canonically() -> None:
    policy = SignedPolicy(
        identifier="urn:oid:1.2.3", description=AWKWARD, digest=XROAD_SIGNATURE_POLICY.digest, uri="https://x/?a&b"
    )
    signer = Signer()
    xml = build_signature(
        signer.key, signer.certificate, (signed('/a"b<c>&\r\n\t', b""),), pki.NOW, ocsp_values=(b"x",), policy=policy
    )
    read = parse_signature(xml)
    assert read.references[0].uri == '/a"b<c>&\r\n\t'
    assert read.references[1].holds
    assert (
        AWKWARD.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;").encode() in xml
    )


def test_signing_time_is_utc_with_milliseconds() -> None:
    signer = Signer()
    at = datetime(2026, 11, 25, 9, 30, 1, 2345, tzinfo=UTC)
    xml = build_signature(signer.key, signer.certificate, (signed("/m", b""),), at, ocsp_values=())
    assert b"<xades:SigningTime>2026-11-25T09:30:01.002Z<" in xml


@pytest.mark.parametrize("key_type", KEYS)
def test_schema_accepts_it(key_type: KeyType) -> None:
    schema = etree.XMLSchema(etree.parse(shared("xroad/schemas/xades-schema.xsd")))
    root = etree.fromstring(Signer(key_type=key_type, extra=(pki.issuing(),), answers=2).sign())
    schema.assertValid(root[0][3][0])
    dsig = etree.XMLSchema(etree.parse(shared("xroad/schemas/xmldsig-core-schema.xsd")))
    dsig.assertValid(etree.fromstring(etree.tostring(root[0])))


@pytest.mark.parametrize("key_type", KEYS)
def test_xmlsec_accepts_it(key_type: KeyType, tmp_path: Path) -> None:
    binary = shutil.which("xmlsec1")
    if binary is None:
        pytest.skip("xmlsec1 is not installed")
    data = tmp_path / "message.xml"
    data.write_bytes(MESSAGE)
    signer = Signer(key_type=key_type)
    uri = data.as_uri()
    target = tmp_path / "signature.xml"
    target.write_bytes(signer.sign(signed(uri, MESSAGE)))
    certificate = tmp_path / "certificate.pem"
    certificate.write_bytes(pki.root().pem)
    command = [binary, "--verify", "--enabled-key-data", "x509", "--trusted-pem", certificate]
    command += ["--id-attr:Id", f"{XADES}:SignedProperties", "--verification-gmt-time", "2026-11-25 03:00:00", target]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
