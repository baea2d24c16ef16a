"""The one way to read XML nobody vouches for."""

import pytest
from lxml import etree

from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.xades import canonicalize, read_xml
from lienthong.trust.xades.names import C14N, EXCLUSIVE_C14N

BOMB = b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'


@pytest.mark.parametrize(
    "data",
    [b"", b"<a>", b"\xff\xfe", b"<!DOCTYPE a><a/>", BOMB, OUTSIDE, b"<a>&undefined;</a>", b"<a>" * 300 + b"</a>" * 300],
)
def test_refused(data: bytes) -> None:
    with pytest.raises(MalformedEvidenceError):
        read_xml(data)


def test_too_large() -> None:
    with pytest.raises(MalformedEvidenceError, match="larger"):
        read_xml(b"<a>" + b" " * (4 * 1024 * 1024) + b"</a>")


def test_forms() -> None:
    inner = read_xml(b'<a xmlns="urn:a" xmlns:b="urn:b"><c>&#13;<!--x--></c></a>')[0]
    assert canonicalize(inner) == b'<c xmlns="urn:a" xmlns:b="urn:b">&#xD;</c>'
    assert canonicalize(inner, EXCLUSIVE_C14N) == b'<c xmlns="urn:a">&#xD;</c>'
    assert canonicalize(inner, EXCLUSIVE_C14N, prefixes=("b",)) == canonicalize(inner, C14N)
    assert canonicalize(inner, f"{C14N}#WithComments").endswith(b"<!--x--></c>")
    assert canonicalize(inner, f"{EXCLUSIVE_C14N}WithComments").endswith(b"<!--x--></c>")
    assert etree.iselement(inner)


def test_unknown_form() -> None:
    with pytest.raises(UnsupportedAlgorithmError):
        canonicalize(read_xml(b"<a/>"), "http://www.w3.org/2006/12/xml-c14n11")


@pytest.mark.parametrize("algorithm", [C14N, EXCLUSIVE_C14N])
def test_a_relative_namespace_has_no_canonical_form(algorithm: str) -> None:
    with pytest.raises(MalformedEvidenceError, match="canonical form"):
        canonicalize(read_xml(b'<a xmlns="relative"/>'), algorithm)
