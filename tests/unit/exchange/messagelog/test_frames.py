"""Headers of segments and frames: what was written is read, anything else is not taken for one."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.messagelog.frames import (
    FRAME_HEADER,
    PAGE,
    Mark,
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


@given(
    st.builds(Mark, st.integers(1, 2**60), _SALTS, st.just(4096), st.integers(0, 2**40), st.booleans()),
    st.binary(max_size=40),
    st.binary(max_size=40),
    st.integers(0, 2**30),
)
def test_frame_header_survives(mark: Mark, fields: bytes, evidence: bytes, body_size: int) -> None:
    own = b"" if mark.evidence_at else evidence
    data = encode_frame_header(mark, fields, own, body_size)
    header = decode_frame_header(data, salt=mark.salt)
    assert len(data) == FRAME_HEADER
    assert header is not None
    assert (header.serial, header.durable_to, header.evidence_at) == (mark.serial, 4096, mark.evidence_at)
    assert (header.fields_size, header.evidence_size, header.body_size) == (len(fields), len(own), body_size)
    assert header.is_external == mark.is_external
    assert header.size == frame_size(len(fields) + len(own) + body_size)
    assert decode_frame_header(data, salt=mark.salt ^ 1) is None


def test_evidence_is_either_here_or_elsewhere() -> None:
    data = encode_frame_header(Mark(1, 9, 4096, 4096), b"", b"evidence", 0)
    assert decode_frame_header(data, salt=9) is None


@given(st.integers(0, 59), st.integers(1, 255))
def test_changed_frame_header_is_none(at: int, change: int) -> None:
    data = bytearray(encode_frame_header(Mark(1, 9, 4096), b"abc", b"", 5))
    data[at] ^= change
    assert decode_frame_header(bytes(data), salt=9) is None


@given(st.binary(max_size=300), _SALTS)
def test_arbitrary_bytes_hold_no_frame(data: bytes, salt: int) -> None:
    assert find_frame(data, 0, salt=salt) is None


def test_frames_are_found_on_boundaries_of_eight_only() -> None:
    frame = encode_frame_header(Mark(1, 9, 4096), b"", b"", 0)
    assert find_frame(b"\0" * 8 + frame, 0, salt=9) is not None
    assert find_frame(b"\0" * 4 + frame, 0, salt=9) is None


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_frames_fill_whole_words(fields: int, body: int) -> None:
    content = fields + body
    assert frame_size(content) == FRAME_HEADER + content + len(encode_trailer(0, content))
    assert frame_size(content) % 8 == 0


def test_a_magic_without_a_frame_is_passed_by() -> None:
    frame = encode_frame_header(Mark(1, 9, 4096), b"", b"", 0)
    damaged = frame[:20] + b"\xff" + frame[21:]
    found = find_frame(damaged + frame, 0, salt=9)
    assert found is not None
    assert found[0] == len(damaged)
    assert decode_trailer(encode_trailer(77, 64)) == 77


def test_a_segment_of_another_version_is_refused() -> None:
    page = encode_segment_header(HEADER)
    later = page[:11] + b"\x03" + page[12:56]
    with pytest.raises(SegmentError, match="unknown version"):
        decode_segment_header(later + zlib.crc32(later).to_bytes(4, "big") + page[60:])
