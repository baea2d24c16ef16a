"""A timestamp goes in first among unsigned properties and touches nothing signed."""

import pytest
from tests.fakes.signing import Signer
from tests.shared import shared

from lienthong.trust.errors import MalformedEvidenceError
from lienthong.trust.xades import add_timestamp, parse_signature

TOKEN = b"\x30\x03\x02\x01\x05"


def test_token_comes_back_and_nothing_else_moves() -> None:
    before = Signer().sign()
    after = add_timestamp(before, TOKEN)
    read, old = parse_signature(after), parse_signature(before)
    assert read.timestamp == TOKEN
    assert (read.signed_info, read.signed_properties) == (old.signed_info, old.signed_properties)
    assert b"<xades:UnsignedSignatureProperties><xades:SignatureTimeStamp>" in after


def test_prefixes_of_genuine_documents_are_kept() -> None:
    xml = shared("fixtures/xroad/signatures/non-batch-sig/signatures.xml").read_bytes()
    assert parse_signature(add_timestamp(xml, TOKEN)).timestamp == TOKEN


@pytest.mark.parametrize(
    "xml",
    [
        b"<a/>",
        b"<UnsignedSignatureProperties/>",
        b"<UnsignedSignatureProperties></UnsignedSignatureProperties><x:UnsignedSignatureProperties>",
    ],
)
def test_no_one_place(xml: bytes) -> None:
    with pytest.raises(MalformedEvidenceError):
        add_timestamp(xml, TOKEN)


def test_default_namespace() -> None:
    stamped = add_timestamp(b"<UnsignedSignatureProperties></UnsignedSignatureProperties>", TOKEN)
    assert stamped.startswith(b"<UnsignedSignatureProperties><SignatureTimeStamp><EncapsulatedTimeStamp>MAMCAQU=")
