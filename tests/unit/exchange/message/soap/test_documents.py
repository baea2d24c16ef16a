"""Envelopes as trees: what makes reading unsafe is refused before anything is judged."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fakes.soap_messages import BODY, HEADER, REQUEST, XML, envelope

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.soap.documents import DEPTH_MAX, ENVELOPE_BYTES_MAX, MARKUP_MAX, read_sections


def refused(data: bytes) -> Fault:
    with pytest.raises(Fault) as caught:
        read_sections(data, content_type=XML)
    assert caught.value.code == "invalid_soap"
    return caught.value


def nested(depth: int) -> str:
    return "<a>" * depth + "</a>" * depth


@pytest.mark.parametrize("place", [f"<b>{{}}</b>{BODY}", BODY.replace("001088000018", "{}")])
@pytest.mark.parametrize("pattern", ["body", "header", "envelope", "part"])
def test_depth_is_bounded_wherever_it_is(pattern: str, place: str) -> None:
    deep = nested(DEPTH_MAX)
    texts = {
        "body": envelope(body=place.format(deep)),
        "header": envelope(HEADER + f"<x>{deep}</x>"),
        "envelope": envelope().replace("<SOAP-ENV:Header>", f"{deep}<SOAP-ENV:Header>"),
        "part": envelope(HEADER.replace(">H10<", f">H10{deep}<")),
    }
    fault = refused(texts[pattern].encode())
    assert str(DEPTH_MAX) in fault.message


def test_depth_is_counted_from_the_envelope() -> None:
    below_body = DEPTH_MAX - 2
    read_sections(envelope(body=nested(below_body)).encode(), content_type=XML)
    refused(envelope(body=nested(below_body + 1)).encode())
    refused(envelope(body=f"<SOAP-ENV:Fault><detail>{nested(below_body)}</detail></SOAP-ENV:Fault>").encode())


def test_size_is_bounded() -> None:
    blank = b" " * (ENVELOPE_BYTES_MAX - len(REQUEST.encode()))
    read_sections(REQUEST.encode() + blank, content_type=XML)
    assert "attachments" in refused(REQUEST.encode() + blank + b" ").message


def test_long_texts_are_no_reason_to_refuse() -> None:
    """Documents travel as base64 inside the body where a service is too old for attachments."""
    body = BODY.replace("001088000018", "A" * (9 * 1024 * 1024))
    assert len(read_sections(envelope(body=body).encode(), content_type=XML).children) == 1


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "text", "<a/>", REQUEST + "x", REQUEST * 2, REQUEST.replace(' xmlns:id="', ' xmlns:ix="'),
        REQUEST.replace("VN-1", "&x;"), REQUEST.replace("VN-1", "\x01"), REQUEST.replace("VN-1", "&#0;"),
        REQUEST.replace("<xrd:id>", '<xrd:id a="1" a="2">'), "\n" + REQUEST,
        REQUEST.replace("<xrd:id>", '<xrd:id xmlns:q="urn:q" xmlns:r="urn:q" q:a="1" r:a="2">'),
    ],
)  # fmt: skip
def test_what_is_no_envelope(text: str) -> None:
    refused(text.encode())


def test_a_document_type_is_refused_and_what_it_declares_never_grows() -> None:
    laughs = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 11))
    text = f'<!DOCTYPE x [<!ENTITY x0 "ha">{laughs}]>' + envelope(prolog="").replace("VN-1", "&x10;")
    assert "amplification" in refused(text.encode()).message
    assert "DOCTYPE" in refused(b"<!DOCTYPE x>" + envelope(prolog="").encode()).message


def test_thousands_of_attributes_are_read_in_a_moment() -> None:
    many = " ".join(f'a{n}="{n}"' for n in range(50_000))
    sections = read_sections(REQUEST.replace("<xrd:id>", f"<xrd:id {many}>").encode(), content_type=XML)
    assert sorted(len(block.attrib) for block in sections.headers[0][1])[-1] == 50_000


def test_markup_is_bounded_and_told() -> None:
    body = BODY.replace("001088000018", "<a/>" * (MARKUP_MAX - REQUEST.count("<") - REQUEST.count("=")))
    assert len(read_sections(envelope(body=body).encode(), content_type=XML).children) == 1
    assert "tags" in refused(envelope(body=body.replace("<a/>", "<a/><a/>", 1)).encode()).message


def test_an_inclusion_is_an_element_like_others(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    inclusion = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{secret.as_uri()}" parse="text"/>'
    sections = read_sections(envelope(body=BODY.replace("001088000018", inclusion)).encode(), content_type=XML)
    assert "secret" not in "".join(sections.children[0].itertext())
