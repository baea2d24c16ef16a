"""A timestamp authority for the tests of this room."""

from functools import cache

from tests.fakes.pki import CN, NOW, C, certificate, issuing, key

from lienthong.trust.algorithms import DigestAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.profiles import TSA
from lienthong.trust.timestamps import TokenDetails, build_query, issue_reply, read_reply

DETAILS = TokenDetails(serial=7, gen_time=NOW, policy_oid="1.3.6.1.4.1.99999.1.1")
DATA = "dữ liệu".encode()
QUERY = build_query(DigestAlgorithm.SHA512.digest(DATA))


@cache
def authority() -> Certificate:
    return certificate(TSA, [(C, "VN"), (CN, "TSA")], key("tsa"), issuer=issuing(), issuer_key=key("Issuing"))


def reply(query: bytes = QUERY, details: TokenDetails = DETAILS, by: str = "tsa") -> bytes:
    return issue_reply(query, details, certificate=authority(), key=key(by))


@cache
def token(query: bytes = QUERY, by: str = "tsa") -> bytes:
    return read_reply(reply(query, by=by), query=query)
