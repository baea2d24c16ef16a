from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import tsp
from tests.fakes.judges import openssl
from tests.fakes.pki import NOW, issuing, root
from tests.unit.trust.timestamps.stamps import DATA, DETAILS, QUERY, authority, reply, token

from lienthong.trust.algorithms import DigestAlgorithm
from lienthong.trust.errors import AuthorityError
from lienthong.trust.timestamps import TokenDetails, build_query, read_reply, with_certificate

WITH_ALL = build_query(DigestAlgorithm.SHA256.digest(DATA), nonce=2**60, wants_certificate=True)


def _pki(folder: Path) -> tuple[str | Path, ...]:
    (folder / "root.pem").write_bytes(root().pem)
    (folder / "chain.pem").write_bytes(issuing().pem + authority().pem)
    at = str(int(NOW.timestamp()))
    return "-CAfile", folder / "root.pem", "-untrusted", folder / "chain.pem", "-attime", at


def test_openssl_accepts_the_reply(tmp_path: Path) -> None:
    (tmp_path / "query").write_bytes(WITH_ALL)
    (tmp_path / "reply").write_bytes(reply(WITH_ALL))
    words = openssl("ts", "-verify", "-queryfile", tmp_path / "query", "-in", tmp_path / "reply", *_pki(tmp_path))
    assert "Verification: OK" in words


def test_openssl_accepts_a_token_that_got_its_certificate_later(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "token").write_bytes(with_certificate(token(), authority()))
    words = openssl(
        "ts", "-verify", "-data", tmp_path / "data", "-token_in", "-in", tmp_path / "token", *_pki(tmp_path)
    )
    assert "Verification: OK" in words


def _asking(**fields: object) -> bytes:
    encoded: bytes = tsp.TimeStampReq({**tsp.TimeStampReq.load(QUERY).native, **fields}).dump()
    return encoded


@pytest.mark.parametrize(
    ("query", "word"),
    [
        (b"", "cannot be read"),
        (build_query(DigestAlgorithm.SHA1.digest(DATA)), "SHA-1 is not stamped"),
        (_asking(message_imprint={"hash_algorithm": {"algorithm": "md5"}, "hashed_message": b"x" * 16}), "unknown"),
        (_asking(req_policy="1.2.3"), "policy is 1.3.6.1.4.1.99999.1.1"),
    ],
)
def test_what_is_not_stamped_is_refused_with_a_reason(query: bytes, word: str) -> None:
    with pytest.raises(AuthorityError, match=word):
        read_reply(reply(query), query=QUERY)


def test_the_accuracy_is_said() -> None:
    details = TokenDetails(serial=1, gen_time=NOW + timedelta(microseconds=7), policy_oid="1.2.3", accuracy_seconds=3)
    assert read_reply(reply(details=details), query=QUERY) != token()
    assert DETAILS.accuracy_seconds == 1
