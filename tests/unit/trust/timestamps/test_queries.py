import pytest
from asn1crypto import tsp
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shared import shared
from tests.unit.trust.timestamps.stamps import DATA, QUERY, reply

from lienthong.trust.algorithms import DigestAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import AuthorityError, MalformedEvidenceError, TrustError, UnsupportedAlgorithmError
from lienthong.trust.timestamps import TimestampQuery, build_query, parse_query, parse_token, read_reply, rejection

DIGEST = DigestAlgorithm.SHA512.digest(DATA)


@pytest.mark.parametrize("number", ["014", "015", "016", "017", "018", "019"])
def test_recorded_replies_answer_what_we_would_have_asked(number: str) -> None:
    query = shared(f"fixtures/xroad/live/tsa/{number}.request.der").read_bytes()
    recorded = shared(f"fixtures/xroad/live/tsa/{number}.response.der").read_bytes()
    assert build_query(parse_query(query).digest) == query
    token = parse_token(read_reply(recorded, query=query))
    tsa = Certificate.from_der(shared("fixtures/xroad/live/pki/tsa.cert.der").read_bytes())
    assert token.names_signer(tsa)


def test_what_is_asked_is_read() -> None:
    asked = parse_query(build_query(DIGEST, nonce=5, wants_certificate=True))
    assert asked == TimestampQuery(digest=DIGEST, nonce=5, wants_certificate=True)
    assert parse_query(QUERY) == TimestampQuery(digest=DIGEST)


def test_a_refusal_is_the_authority_s_error() -> None:
    with pytest.raises(AuthorityError, match="rejection: full"):
        read_reply(rejection("system_failure", "full"), query=QUERY)


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (build_query(DigestAlgorithm.SHA512.digest(b"other")), "something else"),
        (build_query(DIGEST, nonce=1), "nonce"),
        (
            tsp.TimeStampReq(
                {
                    "version": "v1",
                    "message_imprint": tsp.TimeStampReq.load(QUERY)["message_imprint"],
                    "req_policy": "1.2.3",
                }
            ).dump(),
            "policy",
        ),
    ],
)
def test_a_reply_to_another_query_is_refused(asked: bytes, word: str) -> None:
    with pytest.raises(AuthorityError, match=word):
        read_reply(reply(), query=asked)


@pytest.mark.parametrize("data", [b"", b"\x00" * 300_000])
def test_what_is_no_query_or_reply_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedEvidenceError):
        parse_query(data)
    with pytest.raises(MalformedEvidenceError):
        read_reply(data, query=QUERY)


def test_an_imprint_of_the_wrong_length_is_malformed() -> None:
    changed = tsp.TimeStampReq.load(QUERY)
    changed["message_imprint"]["hashed_message"] = b"short"
    with pytest.raises(MalformedEvidenceError):
        parse_query(changed.dump(force=True))


def test_md5_is_unsupported() -> None:
    changed = tsp.TimeStampReq.load(QUERY)
    changed["message_imprint"]["hash_algorithm"] = {"algorithm": "md5"}
    with pytest.raises(UnsupportedAlgorithmError):
        parse_query(changed.dump(force=True))


@settings(deadline=None)
@given(st.integers(0, 2000), st.integers(0, 255))
def test_a_mutated_reply_is_refused_or_read(position: int, value: int) -> None:
    data = bytearray(RECORDED)
    data[position % len(data)] = value
    try:
        read_reply(bytes(data), query=QUERY)
    except TrustError:
        return


RECORDED = reply()
