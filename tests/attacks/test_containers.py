"""Containers and signatures that show one thing and prove another, through the judge that ``evidence verify`` asks."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from tests.fakes.instances import NOW
from tests.fakes.signing import BODY, MESSAGE, Signer, signed, stamp, trust

from lienthong.exchange.message.evidence import EvidenceContainer, verify_evidence, write_evidence
from lienthong.trust.xades import add_timestamp, parse_signature

OTHER = MESSAGE.replace(b"citizens/1", b"citizens/2")
Entries = dict[str, bytes]


def entries() -> Entries:
    xml = Signer().sign()
    stamped = add_timestamp(xml, stamp(parse_signature(xml).signature_value))
    written = write_evidence(EvidenceContainer(message=MESSAGE, signature_xml=stamped), at=NOW)
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return target.getvalue()


def verdict(data: bytes) -> str | None:
    return verify_evidence(data, trust=trust()).fault_code


def test_the_container_is_good_before_anybody_touches_it() -> None:
    assert verdict(packed(*entries().items())) is None


@pytest.mark.parametrize(
    "name",
    ["../message.xml", "/etc/cron.d/x", "META-INF/../../x", "a/./b", "..", "C:/x", "a\\..\\x", "a\nb", "./message.xml"],
)
def test_a_name_that_leaves_its_folder_is_refused(name: str) -> None:
    assert verdict(packed(*entries().items(), (name, b"x"))) == "asic_invalid_container"


@pytest.mark.parametrize("name", ["message.xml", "MESSAGE.XML", "meta-inf/Signatures.xml", "mimetype"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice_is_refused_however_it_is_spelt(name: str) -> None:
    assert verdict(packed(*entries().items(), (name, OTHER))) == "asic_invalid_container"


def test_a_second_signature_file_is_refused() -> None:
    files = entries()
    other = ("META-INF/signatures2.xml", files["META-INF/signatures.xml"])
    assert verdict(packed(*files.items(), other)) == "asic_invalid_container"


def test_an_entry_that_grows_is_refused_before_it_is_unpacked() -> None:
    assert verdict(packed(*entries().items(), ("attachment1", bytes(1_000_000)))) == "asic_invalid_container"


def test_another_message_under_a_good_signature_is_refused() -> None:
    assert verdict(packed(*(entries() | {"message.xml": OTHER}).items())) == "invalid_signature_value"


def test_an_attachment_that_nobody_signed_is_refused() -> None:
    assert verdict(packed(*entries().items(), ("attachment1", BODY))) == "malformed_signature"


def _text(xml: bytes, tag: bytes) -> bytes:
    found = re.search(b"<%b[ >].*?</%b>" % (tag, tag), xml, re.DOTALL)
    assert found is not None
    return found[0]


def _fresh() -> bytes:
    """A signature over the other message by the attacker's own words, signed by nobody."""
    return Signer().sign(signed("/message.xml", OTHER))


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "an Id twice": lambda xml: xml.replace(b'Id="signature-value"', b'Id="signed-properties"'),
    "an Id in two attributes": lambda xml: xml.replace(
        b'Id="signature-value"', b'Id="signature-value" xml:id="signed-properties"'
    ),
    "an Id in another case": lambda xml: xml.replace(b'Id="signature-value"', b'ID="signed-properties"'),
    "SignedInfo of another beside the real one": lambda xml: xml.replace(
        b"<ds:SignatureValue", _text(_fresh(), b"ds:SignedInfo") + b"<ds:SignatureValue"
    ),
    "the real signature inside an object of a forged one": lambda xml: _fresh().replace(
        b"</ds:Signature>", b"<ds:Object>" + _text(xml, b"ds:Signature") + b"</ds:Object></ds:Signature>"
    ),
    "a forged signature before the real one": lambda xml: xml.replace(
        b"<ds:Signature ", _text(_fresh(), b"ds:Signature") + b"<ds:Signature ", 1
    ),
    "signed properties moved, forged ones in their place": lambda xml: xml.replace(
        _text(xml, b"xades:SignedProperties"),
        _text(_fresh(), b"xades:SignedProperties").replace(b"signed-properties", b"forged"),
    ).replace(
        b"</ds:Signature>", b"<ds:Object>" + _text(xml, b"xades:SignedProperties") + b"</ds:Object></ds:Signature>"
    ),
    "a reference to the whole document": lambda xml: xml.replace(b'URI="#signed-properties"', b'URI=""'),
    "a reference by XPointer": lambda xml: xml.replace(
        b'URI="#signed-properties"', b'URI="#xpointer(id(&apos;signed-properties&apos;))"'
    ),
    "a comment inside a signed text": lambda xml: xml.replace(b"text/xml", b"text/<!-- -->xml"),
}


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_a_wrapped_signature_is_malformed(wrap: Callable[[bytes], bytes]) -> None:
    files = entries()
    xml = files["META-INF/signatures.xml"]
    wrapped = wrap(xml)
    assert wrapped != xml
    for message in (MESSAGE, OTHER):
        changed = files | {"META-INF/signatures.xml": wrapped, "message.xml": message}
        assert verdict(packed(*changed.items())) == "malformed_signature"


@pytest.mark.parametrize(
    ("uri", "code"),
    [("#signed-properties", "malformed_signature.unsupported_algorithm"), ("/message.xml", "invalid_signature_value")],
)
@pytest.mark.parametrize(
    "transform",
    [
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    ],
)
def test_a_transform_that_computes_is_never_run(transform: str, uri: str, code: str) -> None:
    """Inside the document it is no algorithm known here; on the message it is not what was signed."""
    files = entries()
    xml = files["META-INF/signatures.xml"]
    steps = f'URI="{uri}"><ds:Transforms><ds:Transform Algorithm="{transform}"/></ds:Transforms>'.encode()
    changed = xml.replace(f'URI="{uri}">'.encode(), steps)
    assert changed != xml
    assert verdict(packed(*(files | {"META-INF/signatures.xml": changed}).items())) == code
