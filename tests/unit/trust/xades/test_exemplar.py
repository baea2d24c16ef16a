"""Filling a known skeleton gives what reading the whole document gives, whatever was changed in it."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes import pki
from tests.fakes.signing import MESSAGE, SHA512, Signer, signed
from tests.shared import shared

from lienthong.trust.errors import TrustError
from lienthong.trust.xades import XadesSignature, build_signature, parse_signature
from lienthong.trust.xades.reading import read_signature

GENUINE = ["sign-0.xml", "sign-0-old-format.xml", "batch-sig.xml", "non-batch-sig/signatures.xml"]
TELLING = [
    b"=",
    b"A",
    b"&#65;",
    b"<!---->",
    b"<x/>",
    b" ",
    b"\n",
    b"]]>",
    b"&lt;",
    b"<ds:DigestValue>QQ==</ds:DigestValue>",
]


@cache
def written(body: bytes = MESSAGE, minutes: int = 0) -> bytes:
    signer = Signer()
    objects = (signed("/message.xml", body), signed("/attachment1", SHA512.digest(body)))
    time = pki.NOW + timedelta(minutes=minutes)
    return build_signature(signer.key, signer.certificate, objects, time, ocsp_values=_answers())


@cache
def _answers() -> tuple[bytes, ...]:
    return Signer().ocsp_values


def outcome(xml: bytes, *, check_structure: bool, whole: bool) -> XadesSignature | type[TrustError]:
    try:
        return (read_signature if whole else parse_signature)(xml, check_structure=check_structure)
    except TrustError as exc:
        return type(exc)


def require_same(xml: bytes) -> None:
    for check_structure in (True, False):
        asked = {"check_structure": check_structure}
        assert outcome(xml, **asked, whole=False) == outcome(xml, **asked, whole=True)


@pytest.mark.parametrize("minutes", [0, 1, 59])
def test_documents_of_one_signer(minutes: int) -> None:
    require_same(written(b"a", minutes))
    require_same(written(b"b", minutes))


@pytest.mark.parametrize("name", GENUINE)
def test_genuine_documents(name: str) -> None:
    require_same(shared(f"fixtures/xroad/signatures/{name}").read_bytes())


@given(
    position=st.integers(0, 10_000),
    inserted=st.sampled_from(TELLING) | st.binary(max_size=3),
    removed=st.integers(0, 3),
)
def test_a_document_changed_anywhere(position: int, inserted: bytes, removed: int) -> None:
    xml = written()
    at = position % len(xml)
    require_same(xml[:at] + inserted + xml[at + removed :])


@given(
    value=st.sampled_from([b"DigestValue>", b"SigningTime>", b'Id="signature-value">']),
    text=st.text("AQ=+/ T09:.-Z\n&;<"),
)
def test_a_value_changed_into_anything(value: bytes, text: str) -> None:
    xml = written()
    start = xml.index(value) + len(value)
    require_same(xml[:start] + text.encode() + xml[xml.index(b"<", start) :])


def test_a_document_in_another_encoding_is_read_whole() -> None:
    require_same(written().replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"'))
    require_same(written().decode().replace("UTF-8", "UTF-16").encode("utf-16"))
