from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.adapters.http_head import HeadRefusedError, check_headers, check_target, render_head

HOST = (b"Host", b"a")


@pytest.mark.parametrize(
    "target",
    [
        b"/",
        b"/r1/a%2Fb/c",
        b"/a/../b",
        b"/a;b=c/d",
        b"/%C4%91%E1%BA%A5t?x=%zz",
        b"/a%20b",
        b"/...",
        b"/100%25",
        b"/a?#".rstrip(b"#"),
    ],
)
def test_targets_with_one_reading_pass_unchanged(target: bytes) -> None:
    assert check_target(b"GET", target) == target


@pytest.mark.parametrize(
    "target",
    [
        b"/%2e%2e/a",
        b"/%2E",
        b"/a/.%2e/b",
        b"/..;x/a",
        b"/%252e",
        b"/%zz",
        b"/%",
        b"/%4",
        b"/%00",
        b"/%ff",
        b"/a#b",
        b"a",
        b"*",
        b"",
    ],
)
def test_targets_with_two_readings_are_refused(target: bytes) -> None:
    with pytest.raises(HeadRefusedError) as caught:
        check_target(b"GET", target)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("target", "origin"), [(b"http://a", b"/"), (b"HTTPS://a:1/b?c", b"/b?c"), (b"http://a?b", b"/?b")]
)
def test_absolute_form_loses_its_authority(target: bytes, origin: bytes) -> None:
    assert check_target(b"GET", target) == origin


@given(target=st.binary(max_size=40))
def test_a_target_is_accepted_as_a_path_or_refused(target: bytes) -> None:
    try:
        assert check_target(b"GET", b"/" + target) == b"/" + target
    except HeadRefusedError as refused:
        assert refused.status == 400


@pytest.mark.parametrize(
    ("headers", "version", "entity", "expects"),
    [
        ([HOST], "1.1", False, False),
        ([], "1.0", False, False),
        ([HOST, (b"content-length", b"0")], "1.1", True, False),
        ([HOST, (b"Transfer-Encoding", b"Chunked"), (b"EXPECT", b"100-Continue")], "1.1", True, True),
        ([HOST, (b"expect", b"100-continue")], "1.1", False, False),
    ],
)
def test_framing_is_known_from_the_head(
    headers: list[tuple[bytes, bytes]], version: str, entity: bool, expects: bool
) -> None:
    framing = check_headers(headers, version)
    assert (framing.entity, framing.expects_continue) == (entity, expects)


@pytest.mark.parametrize(
    ("headers", "version", "status"),
    [
        ([], "1.1", 400),
        ([HOST, HOST], "1.1", 400),
        ([HOST, HOST], "1.0", 400),
        ([HOST], "0.9", 400),
        ([HOST, (b"Transfer-Encoding", b"gzip, chunked")], "1.1", 400),
        ([HOST, (b"Transfer-Encoding", b"chunked")], "1.0", 400),
        ([HOST, (b"Expect", b"tea")], "1.1", 417),
    ],
)
def test_doubtful_framing_is_refused(headers: list[tuple[bytes, bytes]], version: str, status: int) -> None:
    with pytest.raises(HeadRefusedError) as caught:
        check_headers(headers, version)
    assert caught.value.status == status


def test_names_are_written_as_given_and_framing_is_ours() -> None:
    headers = [(b"x-hash-Algorithm", b"SHA-512"), (b"Content-Length", b"9"), (b"connection", b"keep-alive")]
    assert render_head(200, headers, b"content-length: 0\r\n") == (
        b"HTTP/1.1 200 OK\r\nx-hash-Algorithm: SHA-512\r\ncontent-length: 0\r\n\r\n"
    )
    assert b"Content-Length: 9" in render_head(200, headers, b"", keep_length=True)
    assert render_head(599, [], b"", reason=b"Odd") == b"HTTP/1.1 599 Odd\r\n\r\n"


@pytest.mark.parametrize("headers", [[(b"a", b"b\nc")], [(b"a\r\nb", b"c")], [(b"a", b"b\r")]])
def test_line_breaks_never_leave(headers: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(ValueError, match="line break"):
        render_head(200, headers, b"")
