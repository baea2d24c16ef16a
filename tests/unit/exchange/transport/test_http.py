"""Messages as values keep what crossed the wire; of a header given twice, the last value counts."""

import pytest

from lienthong.exchange.adapters.http_body import BodyReader
from lienthong.exchange.transport.http import HttpClientResponse, HttpRequest, Peer, find_header

HEADERS = [(b"X-Road-Id", b"1"), (b"x-road-ID", b"2"), (b"Accept", b"*/*")]


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [(b"/r1/a%2Fb?x=1?y", b"/r1/a%2Fb", b"x=1?y"), (b"/?", b"/", b""), (b"/a", b"/a", b"")],
)
def test_a_target_is_cut_at_its_first_question_mark_and_not_decoded(target: bytes, path: bytes, query: bytes) -> None:
    request = HttpRequest(method="GET", target=target, headers=[], body=BodyReader.of(b""), peer=Peer(address=""))
    assert (request.raw_path, request.raw_query, request.target) == (path, query, target)


def test_the_last_value_counts_whatever_the_spelling() -> None:
    body = BodyReader.of(b"")
    request = HttpRequest(method="GET", target=b"/", headers=HEADERS, body=body, peer=Peer(address=""))
    answer = HttpClientResponse(status=200, reason=b"", headers=HEADERS, body=body)
    for find in (request.header, answer.header, lambda name: find_header(HEADERS, name)):
        assert find(b"x-road-id") == b"2"
        assert find(b"accept") == b"*/*"
        assert find(b"x-road-client") is None
    assert request.headers == HEADERS
