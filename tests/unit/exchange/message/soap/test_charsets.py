"""Byte-order mark, Content-Type, declaration: which of them says how an envelope is read."""

from __future__ import annotations

import codecs

import pytest
from tests.fakes.soap_messages import HEADER, envelope, message
from tests.unit.exchange.recordings import live

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.soap import SoapMessage, parse_soap
from lienthong.exchange.message.soap.charsets import encoding_of, width_codec


def spelt(encoding: str, *, declared: str = "", charset: str = "", user: str = "é", mark: bytes = b"") -> SoapMessage:
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    data = mark + envelope(HEADER.replace("VN12345678", user), prolog=prolog).encode(encoding)
    parsed = parse_soap(data, content_type=f"text/xml; charset={charset}" if charset else "text/xml")
    assert isinstance(parsed, SoapMessage)
    assert parsed.envelope == data
    return parsed


@pytest.mark.parametrize(
    ("encoding", "declared", "charset"),
    [
        ("utf-8", "", ""),
        ("utf-8", "", "utf-8"),
        ("utf-8", "UTF-8", '"UTF8"'),
        ("utf-8", "ISO-8859-1", "utf-8"),
        ("utf-8-sig", "", ""),
        ("utf-8-sig", "UTF-8", "ISO-8859-1"),
        ("latin-1", "", "ISO-8859-1"),
        ("latin-1", "ISO-8859-1", ""),
        ("latin-1", "UTF-8", "latin1"),
        ("iso8859-15", "", "ISO-8859-15"),
        ("cp1258", "", "windows-1258"),
        ("cp1252", "windows-1252", ""),
        ("utf-16", "", "UTF-16"),
        ("utf-16", "UTF-16", ""),
        ("utf-16", "UTF-16", "utf-8"),
        ("utf-16-le", "", "UTF-16LE"),
        ("utf-16-be", "", "UTF-16BE"),
        ("utf-16-be", "", "UTF-16"),
    ],
)
def test_a_mark_then_the_content_type_then_the_document(encoding: str, declared: str, charset: str) -> None:
    assert spelt(encoding, declared=declared, charset=charset).user_id == "é"


def test_big_endian_with_its_mark() -> None:
    read = spelt("utf-16-be", declared="UTF-16", mark=codecs.BOM_UTF16_BE, user="Đặng 𠮷")
    assert read.user_id == "Đặng 𠮷"
    assert width_codec(read.envelope) == "utf-16-be"


@pytest.mark.parametrize("case", ["soap/bom", "soap/latin1", "soap/utf16", "soap/no-declaration"])
def test_recorded_charsets(case: str) -> None:
    head, _, data = live(case, "1-consumer-request.http").partition(b"\r\n\r\n")
    content_type = head.lower().partition(b"content-type: ")[2].partition(b"\r\n")[0].decode()
    assert message(data.decode("latin-1"), content_type=content_type, encoding="latin-1").user_id == "VN12345678"


@pytest.mark.parametrize(
    "charset", ["utf-7", "EBCDIC-CP-US", "cp037", "GBK", "x-none", "rot13", "utf-32", "\0", "punycode"]
)
def test_charsets_that_are_not_read(charset: str) -> None:
    with pytest.raises(Fault) as refused:
        encoding_of(b"<a/>", f"text/xml; charset={charset}")
    assert refused.value.code == "invalid_content_type"


@pytest.mark.parametrize(
    ("data", "declared"),
    [(b"\xef\xbb\xbf\xef\xbb\xbf", ""), (b"", "utf-7"), (b"", "x-none"), (b"", "UTF-16"), (b"", "GBK"), (b"", "cp037")],
)
def test_documents_that_say_what_cannot_be(data: bytes, declared: str) -> None:
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    with pytest.raises(Fault) as refused:
        parse_soap(data + envelope(prolog=prolog).encode(), content_type="text/xml")
    assert refused.value.code == "invalid_soap"


def test_bytes_that_are_not_of_the_charset_are_refused() -> None:
    with pytest.raises(Fault) as refused:
        spelt("latin-1", charset="utf-8")
    assert refused.value.code == "invalid_soap"
