"""Document types, entities, bombs and inclusions, offered to every reader of XML: refused with the reader's own code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec
import pytest
from tests.fakes.signing import MESSAGE, SHA512, trust
from tests.fuzz.table import CORPUS

from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf.anchor import read_anchor
from lienthong.exchange.globalconf.optional_parts import read_fetch_interval
from lienthong.exchange.globalconf.registry import codec_for
from lienthong.exchange.message.hash_chain import verify_chain
from lienthong.exchange.message.soap import SoapFault, SoapMessage, parse_soap, parse_soap_fault
from lienthong.exchange.message.verification import check_signature
from lienthong.exchange.metadata.wsdl import read_wsdl, reduce_addresses
from lienthong.trust.algorithms import PRODUCTION


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A reader, a document that it takes, and how it refuses one with a document type or with a foreign element."""

    seed: str
    read: Callable[[bytes], object]
    code: str
    foreign: str | None
    """Code for an element of XInclude inside; None where the reader lets foreign elements stand, unread."""


def _signature(data: bytes) -> None:
    check = check_signature(data, instance="VN", trust=trust(), policy=PRODUCTION)
    if check.reading_fault is not None:
        raise check.reading_fault


def _chain(data: bytes) -> None:
    result = (CORPUS / "hash_chain/seed-result").read_bytes()
    verify_chain(result, data, {"/message.xml": SHA512.digest(MESSAGE)})


def _soap(data: bytes) -> object:
    return parse_soap(data, content_type="text/xml")


READERS = {
    "signature": Reader(seed="xades_signature/seed-ours", read=_signature, code="invalid_xml", foreign="malformed_signature"),
    "hash chain": Reader(
        seed="hash_chain/seed-chain", read=_chain, code="malformed_signature.malformed_hash_chain",
        foreign="malformed_signature.malformed_hash_chain",
    ),
    "SOAP message": Reader(seed="soap/seed-envelope", read=_soap, code="invalid_soap", foreign=None),
    "SOAP fault": Reader(seed="soap/seed-fault", read=parse_soap_fault, code="invalid_soap", foreign=None),
    "WSDL": Reader(seed="wsdl/seed-good", read=read_wsdl, code="invalid_xml", foreign=None),
    "WSDL for callers": Reader(
        seed="wsdl/seed-good", read=lambda data: len(reduce_addresses(data)) > 0, code="invalid_xml", foreign=None
    ),
    "anchor": Reader(
        seed="anchor/seed-anchor", read=read_anchor, code="malformed_anchor", foreign="malformed_anchor"
    ),
    "optional part": Reader(
        seed="anchor/seed-fetchinterval", read=read_fetch_interval,
        code="malformed_optional_parts_conf", foreign="malformed_optional_parts_conf",
    ),
    "private parameters": Reader(
        seed="globalconf/seed-private", read=codec_for(6).read_private,
        code="malformed_global_conf", foreign=None,
    ),
    **{
        f"shared parameters V{version}": Reader(
            seed=f"globalconf/seed-shared-v{version}", read=codec_for(version).read_shared,
            code="malformed_global_conf", foreign="malformed_global_conf" if version == 2 else None,
        )
        for version in range(2, 7)
    },
}  # fmt: skip

LAUGHS = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 11))
DEFINITIONS = {
    "bare document type": "",
    "internal entity": '[<!ENTITY x "y">]',
    "external entity": '[<!ENTITY x SYSTEM "file:///etc/hostname">]',
    "external entity over the network": '[<!ENTITY x SYSTEM "http://127.82.34.1:9/x">]',
    "external document type": 'SYSTEM "file:///etc/hostname"',
    "parameter entity": '[<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]',
    "billion laughs": f'[<!ENTITY x0 "ha">{LAUGHS}<!ENTITY x "&x10;">]',
    "quadratic blow-up": f'[<!ENTITY x "{"a" * 50_000}">]',
}
ENCODINGS = ("utf-8", "utf-16", "utf-7")
"""A reader that looks for the letters of a document type must see them in any encoding that its parser takes."""
INCLUSION = b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/hostname" parse="text"/>'


def _document(reader: Reader) -> str:
    text = (CORPUS / reader.seed).read_text(encoding="utf-8")
    return text[text.index("?>") + 2 :].lstrip() if text.startswith("<?xml") else text


def _code(reader: Reader, data: bytes) -> str | None:
    try:
        reader.read(data)
    except Fault as fault:
        return fault.code
    return None


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_every_reader_takes_its_document(reader: Reader) -> None:
    assert _code(reader, (CORPUS / reader.seed).read_bytes()) is None


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_a_document_type_is_refused(reader: Reader, definition: str, encoding: str) -> None:
    body = _document(reader)
    root = body[1:].split(maxsplit=1)[0]
    end = body.rindex("</")
    used = "&x;" if "ENTITY x " in definition else ""
    text = f"<?xml version='1.0' encoding='{encoding}'?><!DOCTYPE {root} {definition}>{body[:end]}{used}{body[end:]}"
    assert _code(reader, text.encode(encoding)) == reader.code


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_an_inclusion_is_refused_or_never_followed(reader: Reader) -> None:
    data = (CORPUS / reader.seed).read_bytes()
    end = data.rindex(b"</")
    changed = data[:end] + INCLUSION + data[end:]
    assert _code(reader, changed) == reader.foreign
    if reader.foreign is None:
        assert _without_bytes(reader.read(changed)) == _without_bytes(reader.read(data))


def _without_bytes(value: object) -> object:
    """What was read, less the bytes it was read from."""
    if isinstance(value, SoapMessage):
        return msgspec.structs.replace(value, envelope=b"")
    return replace(value, xml=b"") if isinstance(value, SoapFault) else value
