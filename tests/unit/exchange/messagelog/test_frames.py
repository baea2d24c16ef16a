"""Headers of segments and frames: what was written is read, anything else is not taken for one."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.messagelog.frames import (
    FRAME_HEADER,
    PAGE,
    SegmentError,
    SegmentHeader,
    decode_frame_header,
    decode_segment_header,
    decode_trailer,
    encode_frame_header,
    encode_segment_header,
    encode_trailer,
    find_frame,
    frame_size,
)

HEADER = SegmentHeader(worker=3, sequence=7, salt=99, previous_end=8192, first_serial=41, created_ms=5)
_SALTS = st.integers(0, 2**64 - 1)


def test_segment_header_survives() -> None:
    page = encode_segment_header(HEADER)
    assert len(page) == PAGE
    assert decode_segment_header(page) == HEADER


@given(st.integers(0, 59), st.integers(1, 255))
def test_changed_segment_header_is_refused(at: int, change: int) -> None:
    page = bytearray(encode_segment_header(HEADER))
    page[at] ^= change
    with pytest.raises(SegmentError):
        decode_segment_header(bytes(page))


def test_short_page_is_refused() -> None:
    with pytest.raises(SegmentError):
        decode_segment_header(b"LT")


@given(st.integers(1, 2**60), st.binary(max_size=40), st.integers(0, 2**30), _SALTS, st.booleans())
def test_frame_header_survives(serial: int, fields: bytes, body_size: int, salt: int, external: bool) -> None:
    data = encode_frame_header(serial, fields, body_size, salt, 4096, is_external=external)
    header = decode_frame_header(data, salt=salt)
    assert len(data) == FRAME_HEADER
    assert header is not None
    assert (header.serial, header.fields_size, header.body_size) == (serial, len(fields), body_size)
    assert (header.durable_to, header.is_external) == (4096, external)
    assert header.size == frame_size(len(fields), body_size)
    assert decode_frame_header(data, salt=salt ^ 1) is None


@given(st.integers(0, 59), st.integers(1, 255))
def test_changed_frame_header_is_none(at: int, change: int) -> None:
    data = bytearray(encode_frame_header(1, b"abc", 5, 9, 4096))
    data[at] ^= change
    assert decode_frame_header(bytes(data), salt=9) is None


@given(st.binary(max_size=300), _SALTS)
def test_arbitrary_bytes_hold_no_frame(data: bytes, salt: int) -> None:
    assert find_frame(data, 0, salt=salt) is None


def test_frames_are_found_on_boundaries_of_eight_only() -> None:
    frame = encode_frame_header(1, b"", 0, 9, 4096)
    assert find_frame(b"\0" * 8 + frame, 0, salt=9) is not None
    assert find_frame(b"\0" * 4 + frame, 0, salt=9) is None


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_frames_fill_whole_words(fields: int, body: int) -> None:
    content = FRAME_HEADER + fields + body
    assert frame_size(fields, body) == content + len(encode_trailer(0, content))
    assert frame_size(fields, body) % 8 == 0


def test_a_magic_without_a_frame_is_passed_by() -> None:
    frame = encode_frame_header(1, b"", 0, 9, 4096)
    damaged = frame[:20] + b"\xff" + frame[21:]
    found = find_frame(damaged + frame, 0, salt=9)
    assert found is not None
    assert found[0] == len(damaged)
    assert decode_trailer(encode_trailer(77, 64)) == 77


def test_a_segment_of_another_version_is_refused() -> None:
    page = encode_segment_header(HEADER)
    later = page[:11] + b"\x02" + page[12:56]
    with pytest.raises(SegmentError, match="unknown version"):
        decode_segment_header(later + zlib.crc32(later).to_bytes(4, "big") + page[60:])
