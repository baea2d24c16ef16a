"""The multipart reader against recordings, NIIS fixtures, the standard library and every way of cutting the input."""

import email
import email.policy
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.shared import shared
from tests.unit.exchange.recordings import header, live_files, split_http

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.media_types import media_type
from lienthong.exchange.transport.content import boundary_of, message_content_type
from lienthong.exchange.transport.reader import (
    MAX_HEADER_BLOCK,
    MAX_HEADER_LINE,
    End,
    Event,
    MultipartReader,
    PartData,
    PartEnd,
    PartStart,
)
from lienthong.exchange.transport.writer import Framing, MultipartWriter, Part, write_message

Parts = list[tuple[bytes, bytes]]


def events_of(boundary: str, *chunks: bytes) -> list[Event]:
    reader = MultipartReader(boundary)
    events = [event for chunk in chunks for event in reader.feed(chunk)]
    events += reader.close()
    for whole in filter(None, [MultipartReader(boundary).read_whole(b"".join(chunks))]):
        assert ([(start.header_block, data) for start, data in whole], True) == parts_of(events)
    return events


def parts_of(events: list[Event]) -> tuple[Parts, bool]:
    """Header blocks and contents, and whether the message was complete; checks that events come in order."""
    parts: Parts = []
    is_open = False
    for event in events[:-1]:
        match event:
            case PartStart(block):
                assert not is_open
                is_open = True
                parts.append((block, b""))
            case PartData(data):
                assert is_open
                assert data
                parts[-1] = (parts[-1][0], parts[-1][1] + data)
            case PartEnd():
                assert is_open
                is_open = False
    assert not is_open
    last = events[-1]
    assert isinstance(last, End)
    return parts, last.is_complete


def read(boundary: str, *chunks: bytes) -> tuple[Parts, bool]:
    return parts_of(events_of(boundary, *chunks))


# --- recordings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["2-transit-request*.http", "5-transit-response*.http"])
def test_every_recorded_rest_message_reads_and_is_written_again_as_it_was(name: str) -> None:
    files = live_files(f"rest/*/{name}")
    assert len(files) > 30
    multiparts = 0
    for file in files:
        _, headers, body = split_http(file.read_bytes())
        content_type = header(headers, b"content-type")
        if not content_type.startswith("multipart/"):
            continue
        multiparts += 1
        boundary = boundary_of(content_type)
        parts, is_complete = read(boundary, body)
        assert is_complete, file
        assert write_message(_as_written(parts), boundary=boundary) == body, file
    assert multiparts > 25


@pytest.mark.parametrize("pattern", ["soap/*/2-transit*.http", "soap/*/5-transit*.http", "batch/*/*transit*.http"])
def test_every_recorded_soap_and_batch_message_reads_and_is_written_again(pattern: str) -> None:
    for file in live_files(pattern):
        _, headers, body = split_http(file.read_bytes())
        content_type = header(headers, b"content-type")
        if content_type.startswith("multipart/"):
            boundary = boundary_of(content_type)
            parts, is_complete = read(boundary, body)
            assert is_complete, file
            assert write_message(_as_written(parts), boundary=boundary) == body, file


def test_nested_attachments_read_and_are_written_again() -> None:
    nested = 0
    for file in live_files("soap/*/*transit*.http"):
        _, headers, body = split_http(file.read_bytes())
        content_type = header(headers, b"content-type")
        if not content_type.startswith("multipart/"):
            continue
        for event_part in _as_written(read(boundary_of(content_type), body)[0]):
            if media_type(event_part.content_type) == "multipart/mixed":
                inner = boundary_of(event_part.content_type)
                attachments, is_complete = read(inner, event_part.body)
                assert is_complete
                assert attachments
                writer = MultipartWriter(inner, Framing.NESTED)
                again = b"".join(map(writer.write_part, _as_written(attachments))) + writer.close()
                assert (message_content_type(inner), again) == (event_part.content_type, event_part.body)
                nested += 1
    assert nested


def _as_written(parts: Parts) -> list[Part]:
    written = []
    for block, body in parts:
        first, _, rest = block.partition(b"\r\n")
        name, _, value = first.partition(b": ")
        assert name == b"content-type"
        written.append(Part(value.decode("latin-1"), body, rest))
    return written


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("normal.request", ["text/xml", "signature/bdoc-1.0/ts"]),
        ("normal.response", ["text/xml", "signature/bdoc-1.0/ts"]),
        ("ocsp.request", ["application/ocsp-response", "text/xml", "signature/bdoc-1.0/ts"]),
        ("attachment.request", ["text/xml", "multipart/mixed", "signature/bdoc-1.0/ts"]),
    ],
)
def test_bare_line_feeds_are_accepted(name: str, types: list[str]) -> None:
    data = shared(f"fixtures/xroad/transport/{name}").read_bytes()
    events = events_of(data[2 : data.index(b"\n")].decode(), data)
    assert [media_type(event.content_type) for event in events if isinstance(event, PartStart)] == types


def test_nested_attachments_with_bare_line_feeds() -> None:
    data = shared("fixtures/xroad/transport/attachment.request").read_bytes()
    parts, _ = read("xtop569125687hcu8vfma", data)
    inner, is_complete = read("xatt569125687hcu8vfma", parts[1][1])
    assert is_complete
    assert inner == [(b"Content-Type: text/plain\n", b"blaah")]


# --- layout by layout -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        (b"--b\r\na: 1\r\n\r\nx\r\n--b--", [(b"a: 1\r\n", b"x")]),
        (b"--b\r\na: 1\r\n\r\nx\r\n--b--\r\nepilogue\r\n--b\r\n\r\nno part", [(b"a: 1\r\n", b"x")]),
        (b"preamble\r\n--b\r\na: 1\r\n\r\nx\r\n--b--\r\n", [(b"a: 1\r\n", b"x")]),
        (b"--b\n\nx\n--b--\n", [(b"", b"x")]),
        (b"--b\r\n\r\n\r\n--b--\r\n", [(b"", b"")]),
        (b"--b\r\n\r\n--b--\r\n", [(b"", b"")]),
        (b"--b  \t\r\n\r\nx\r\n--b \r\n\r\ny\r\n--b--", [(b"", b"x"), (b"", b"y")]),
        (b"--b\r\n\r\nx\r\n--bc\r\n--b--", [(b"", b"x\r\n--bc")]),
        (b"--b\r\n\r\nx--b--\r\n--b--", [(b"", b"x--b--")]),
        (b"--b\r\n\r\n\r\n\r\nx\r\n\r\n--b--", [(b"", b"\r\n\r\nx\r\n")]),
        (b"--b\r\n\r\nx\r\r\n--b--", [(b"", b"x\r")]),
        (b"--b--", []),
    ],
)
def test_layouts(data: bytes, parts: Parts) -> None:
    assert read("b", data) == (parts, True)
    assert read("b", *(data[i : i + 1] for i in range(len(data)))) == (parts, True)


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        (b"", []),
        (b"no boundary at all", []),
        (b"--b\r\n\r\nhalf", [(b"", b"half")]),
        (b"--b\r\n\r\nhalf\r\n--", [(b"", b"half\r\n--")]),
        (b"--b\r\n\r\n", [(b"", b"")]),
        (b"--b\r\n\r\nhalf\r", [(b"", b"half\r")]),
    ],
)
def test_input_that_stops_early_is_incomplete(data: bytes, parts: Parts) -> None:
    assert read("b", data) == (parts, False)


def test_input_that_stops_inside_headers_is_refused() -> None:
    reader = MultipartReader("b")
    reader.feed(b"--b\r\ncontent-type: text/xml\r\n")
    with pytest.raises(Fault) as refused:
        reader.close()
    assert refused.value.code == "invalid_message"


def test_closing_again_tells_nothing_more() -> None:
    reader = MultipartReader("b")
    reader.feed(b"--b--")
    assert reader.close() == []
    assert reader.feed(b"more") == []


def test_folded_headers_are_joined() -> None:
    start = PartStart(b"Content-Type: text/xml;\r\n  charset=UTF-8\r\nno colon\r\nX: 1\r\n")
    assert start.content_type == "text/xml; charset=UTF-8"
    assert start.headers[1] == (b"X", b"1")
    assert PartStart(b"content-type: a/b\r\n").content_type == "a/b"
    assert PartStart(b"X: 1\r\n").content_type == ""


@pytest.mark.parametrize(
    "block",
    [
        b"a: " + b"x" * MAX_HEADER_LINE + b"\r\n",
        b"a: 1\r\n" * 1001,
        b"a: 123456\r\n" * (MAX_HEADER_BLOCK // 11 + 1),
        b"a" * (MAX_HEADER_BLOCK * 2),
    ],
    ids=["line", "count", "block", "endless"],
)
def test_headers_have_limits(block: bytes) -> None:
    reader = MultipartReader("b")
    with pytest.raises(Fault) as refused:
        reader.feed(b"--b\r\n" + block + b"\r\n")
    assert refused.value.code == "mime_parsing_failed"


def test_a_header_block_may_not_be_one_byte_too_long() -> None:
    block = (b"a: " + b"x" * 495 + b"\r\n") * 19 + b"a: " + b"x" * 496 + b"\r\n"
    assert len(block) == MAX_HEADER_BLOCK + 1
    with pytest.raises(Fault, match="exceed 10000 bytes"):
        MultipartReader("b").feed(b"--b\r\n" + block + b"\r\n\r\n--b--")


def test_headers_within_limits_pass() -> None:
    block = b"a: " + b"x" * 900 + b"\r\n" + b"b: 1\r\n" * 990
    assert read("b", b"--b\r\n" + block + b"\r\n\r\n--b--") == ([(block, b"")], True)


def test_memory_stays_bounded_by_a_boundary_line() -> None:
    reader = MultipartReader("xtop" + "a" * 30)
    reader.feed(b"--xtop" + b"a" * 30 + b"\r\n\r\n")
    for _ in range(50):
        given_out = b"".join(event.data for event in reader.feed(b"\r\n--xtop" * 1000) if isinstance(event, PartData))
        assert len(given_out) >= 8000 - 40


def test_padding_without_end_is_content() -> None:
    data = b"--b\r\n\r\nx\r\n--b" + b" " * 5000 + b"\r\n--b--"
    assert read("b", data) == ([(b"", b"x\r\n--b" + b" " * 5000)], True)
    assert read("b", *(data[i : i + 7] for i in range(0, len(data), 7))) == read("b", data)


def test_streamed_writing_gives_the_same_bytes() -> None:
    parts = [Part("a/b", b"1"), Part("c/d", b"", b"content-id: <x>\r\n")]
    writer = MultipartWriter("B")
    streamed = writer.write_part(parts[0]) + writer.open_part("c/d", parts[1].headers) + writer.close()
    assert streamed == write_message(parts, boundary="B")


# --- fuzz -------------------------------------------------------------------------------------------------------------


def test_recordings_read_the_same_however_they_are_cut() -> None:
    for file in live_files("rest/*/5-transit-response.http")[:8]:
        _, headers, body = split_http(file.read_bytes())
        if header(headers, b"content-type").startswith("multipart/"):
            boundary = boundary_of(header(headers, b"content-type"))
            for size in (1, 100, 1000):
                assert read(boundary, *(body[i : i + size] for i in range(0, len(body), size))) == read(boundary, body)


@pytest.mark.parametrize(
    "headers",
    [b"", b"\n", b"\r\n", b"a: 1\n", b"a: 1\n\nx", b"a: 1\r", b"a: 1\n\r\nx", b"a: " + b"x" * 990, b"a: 1\r\n --b"],
)
@pytest.mark.parametrize("content", [b"", b"x", b"\r\n", b"\n--b", b"\n--b\r\n\r\n", b"\r\n--b \r\n\r\n"])
def test_unusual_messages_in_one_piece_read_as_in_many(headers: bytes, content: bytes) -> None:
    data = b"--b\r\n" + headers + b"\r\n\r\n" + content + b"\r\n--b--\r\n"
    assert outcome(data) == outcome(*(data[i : i + 1] for i in range(len(data))))


_LUMPS = [b"\r\n", b"\n", b"\r", b"--b", b"--", b"b", b"-", b" ", b"\t", b"a: 1", b"x", b"\r\n--b\r\n", b"\r\n\r\n"]
messages = st.lists(st.sampled_from(_LUMPS), max_size=40).map(b"".join)


def outcome(*chunks: bytes) -> tuple[Parts, bool] | str:
    try:
        return read("b", *chunks)
    except Fault as fault:
        return fault.code


@given(messages, st.lists(st.integers(1, 7), max_size=100))
@example(b"--b\r\na: 1\r\n\r\nx\r\n--b--\r\n", [5])
def test_cutting_the_input_changes_nothing(data: bytes, sizes: list[int]) -> None:
    chunks, position = [], 0
    for size in sizes:
        chunks.append(data[position : position + size])
        position += size
    chunks.append(data[position:])
    assert outcome(*chunks) == outcome(data)


@given(messages)
def test_against_a_simple_reading_of_rfc_2046(data: bytes) -> None:
    got = outcome(data)
    expected = simple(data)
    assert got == expected


def simple(data: bytes) -> tuple[Parts, bool] | str:
    """The same grammar, with a regular expression and the whole input at hand."""
    delimiter = re.compile(rb"(?:^|\r?\n)--b(?:(--)|[ \t]*\r?\n)")
    parts: Parts = []
    found = delimiter.search(data)
    while found and not found[1]:
        blank = re.compile(rb"(?:\A|(?<=\n))\r?\n").search(data[found.end() :])
        if not blank:
            return "invalid_message"
        start = found.end() + blank.end()
        found_next = re.compile(rb"\r?\n--b(?:(--)|[ \t]*\r?\n)").search(data, start - 1)
        content_end = max(start, found_next.start()) if found_next else len(data)
        parts.append((data[found.end() : start - len(blank[0])], data[start:content_end]))
        found = found_next
    return parts, bool(found)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["text/xml", "a/b; c=d"]), st.binary(max_size=60).filter(lambda b: b"\n--B" not in b)
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_reads_back(contents: list[tuple[str, bytes]]) -> None:
    contents = [(kind, body) for kind, body in contents if not body.startswith(b"--B")]
    message = write_message([Part(kind, body) for kind, body in contents], boundary="B")
    if contents:
        assert read("B", message) == ([(f"content-type: {kind}\r\n".encode(), body) for kind, body in contents], True)


_LINES = st.text("abcxyz019 :;=", max_size=20).map(str.encode)


@given(st.lists(st.lists(_LINES, max_size=4).map(b"\r\n".join), min_size=1, max_size=4))
def test_the_standard_library_reads_the_same_contents(bodies: list[bytes]) -> None:
    message = write_message([Part("application/octet-stream", body) for body in bodies], boundary="B")
    theirs = email.message_from_bytes(
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + message, policy=email.policy.HTTP
    )
    assert [part.get_payload(decode=True) for part in theirs.iter_parts()] == [
        body for _, body in read("B", message)[0]
    ]


def test_a_lone_cr_hides_no_header() -> None:
    [start, *_] = events_of("b", b"--b\r\nA: x\rContent-Type: text/xml\r\n\r\n\r\n--b--\r\n")
    assert isinstance(start, PartStart)
    assert start.headers == ((b"A", b"x\rContent-Type: text/xml"),)
    assert start.content_type == ""


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_part_without_headers_is_content_in_one_piece_and_in_two(cut: int) -> None:
    data = b"--b\r\nA: x\r\n\r\n\r\n--b\r\n\r\nA: y\r\n\r\nz\r\n--b--\r\n"
    parts, _ = parts_of(events_of("b", data))
    assert parts[1] == (b"", b"A: y\r\n\r\nz")
    assert parts_of(events_of("b", data[:cut], data[cut:])) == (parts, True)


def test_a_message_that_was_begun_is_not_read_at_once() -> None:
    data = write_message([Part("text/plain", b"x")], boundary="b")
    reader = MultipartReader("b")
    reader.feed(data[:3])
    assert reader.read_whole(data) is None
