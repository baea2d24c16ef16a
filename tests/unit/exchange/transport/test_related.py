"""multipart/related with the envelope first, however it is cut and whatever is wrong with it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import shared

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.soap import ENVELOPE_BYTES_MAX
from lienthong.exchange.transport.reader import End, PartData, PartEnd, PartStart
from lienthong.exchange.transport.related import RelatedReader, require_soap_type
from lienthong.exchange.transport.writer import Framing, MultipartWriter, Part

ENVELOPE = Part('application/xop+xml; type="text/xml"', b"<a/>", b"Content-ID: <root>\r\n")
ATTACHMENTS = [
    Part("image/png", b"PNG\r\n--", b"Content-ID: <p>\r\nX-Folded: a\r\n b\r\n"),
    Part("text/plain", b""),
]


def written(*parts: Part) -> bytes:
    writer = MultipartWriter("b", Framing.RELATED)
    return b"".join(map(writer.write_part, parts)) + writer.close()


def read(*pieces: bytes) -> tuple[Part | None, list[Part]]:
    reader = RelatedReader("b")
    events = [event for piece in pieces for event in reader.feed(piece)] + reader.close()
    parts: list[Part] = []
    for event in events:
        match event:
            case PartStart():
                parts.append(Part(event.content_type, b"", event.further_headers))
            case PartData(data):
                parts[-1] = Part(parts[-1].content_type, parts[-1].body + data, parts[-1].headers)
            case PartEnd():
                assert parts
    return reader.envelope, parts


@given(st.lists(st.integers(0, len(written(ENVELOPE, *ATTACHMENTS))), max_size=6))
def test_what_is_written_is_read_however_it_is_cut(cuts: list[int]) -> None:
    data = written(ENVELOPE, *ATTACHMENTS)
    ends = sorted({0, *cuts, len(data)})
    pieces = [data[start:end] for start, end in pairwise(ends)]
    assert read(*pieces) == (ENVELOPE, ATTACHMENTS)


def test_bare_line_ends_and_no_closing_delimiter_are_read() -> None:
    """As the query files of X-Road's own tests are stored. Source: message-path dossier s.9.4."""
    assert read(b"--b\nContent-Type: text/xml\nContent-ID: <x>\n\n<a/>\n--b\nContent-Type: text/plain\n\nx\n--b") == (
        Part("text/xml", b"<a/>", b"Content-ID: <x>\r\n"),
        [Part("text/plain", b"x")],
    )


def test_a_multipart_of_nothing_has_no_envelope() -> None:
    assert read(b"") == (None, [])
    assert read(b"--another\r\nContent-Type: text/xml\r\n\r\n<a/>") == (None, [])


@pytest.mark.parametrize("end", [b"\r\n--b", b"\r\n--b-", b"\r\n--b \t", b"\n--b--"])
def test_an_envelope_may_end_at_a_delimiter_that_ends_the_input(end: bytes) -> None:
    assert read(b"--b\r\nContent-Type: text/xml\r\n\r\n<a/>" + end) == (Part("text/xml", b"<a/>"), [])


@pytest.mark.parametrize("end", [b"", b"\r\n--", b"\r\n--bc", b"\r\n--bc\r\nContent-Type: text/plain\r\n\r\n"])
def test_a_multipart_that_ends_in_the_envelope_is_refused(end: bytes) -> None:
    with pytest.raises(Fault) as refused:
        read(b"--b\r\nContent-Type: text/xml\r\n\r\n<a/>" + end)
    assert refused.value.code == "invalid_message"


@pytest.mark.parametrize("first", ["text/plain", "multipart/mixed; boundary=c", ""])
def test_the_first_part_must_be_an_envelope(first: str) -> None:
    with pytest.raises(Fault) as refused:
        read(written(Part(first, b"<a/>")))
    assert refused.value.code == "invalid_content_type"


def test_every_attachment_says_what_it_is() -> None:
    with pytest.raises(Fault) as refused:
        read(written(ENVELOPE, Part("", b"x")))
    assert refused.value.code == "invalid_content_type"


def test_an_envelope_has_a_limit() -> None:
    read(written(Part("text/xml", b"x" * ENVELOPE_BYTES_MAX)))
    with pytest.raises(Fault) as refused:
        read(written(Part("text/xml", b"x" * (ENVELOPE_BYTES_MAX + 1))))
    assert refused.value.code == "invalid_soap"


@pytest.mark.parametrize("content_type", ["text/xml", "TEXT/XML; charset=x", "application/xop+xml"])
def test_types_of_envelopes(content_type: str) -> None:
    require_soap_type(content_type)


def test_genuine_queries_are_read() -> None:
    body = (shared("fixtures/xroad/queries") / "mimesoap.query").read_bytes()
    reader = RelatedReader("jetty771207119h3h10dty")
    assert reader.feed(body) == [End()]
    assert reader.envelope is not None
    assert reader.envelope.content_type == 'text/xml; charset="utf-8"'
