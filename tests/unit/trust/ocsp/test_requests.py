import pytest
from asn1crypto import ocsp
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.pki import issuing, root
from tests.shared import shared

from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import MalformedEvidenceError
from lienthong.trust.ocsp import build_request, cert_id_of, parse_request


def _recorded(name: str) -> Certificate:
    return Certificate.from_der(shared(f"fixtures/xroad/live/pki/{name}.cert.der").read_bytes())


@pytest.mark.parametrize(
    ("number", "name"),
    [("010", "ss2-sign-rsa"), ("011", "ss2-auth-rsa"), ("012", "ss1-sign-rsa"), ("015", "ss1-sign-ec")],
)
def test_a_request_is_what_x_road_sends_byte_for_byte(number: str, name: str) -> None:
    recorded = shared(f"fixtures/xroad/live/ocsp/{number}.request.der").read_bytes()
    assert build_request(_recorded(name), _recorded("ca")) == recorded


def test_what_is_asked_is_read() -> None:
    assert parse_request(build_request(issuing(), root())) == (cert_id_of(issuing(), root()),)


def test_a_cert_id_without_null_differs() -> None:
    request = build_request(issuing(), root())
    bare = request.replace(b"\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00", b"\x30\x07\x06\x05\x2b\x0e\x03\x02\x1a")
    shorter = bytearray(bare)
    for position in (1, 3, 5, 7, 9):
        shorter[position] -= 2
    assert parse_request(bytes(shorter)) != parse_request(request)


@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 70_000, ocsp.OCSPRequest({"tbs_request": {"request_list": []}}).dump()]
)
def test_what_asks_nothing_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedEvidenceError):
        parse_request(data)


@settings(deadline=None)
@given(st.integers(0, 1000), st.integers(0, 255))
def test_a_mutation_is_malformed_or_read(position: int, value: int) -> None:
    request = bytearray(build_request(issuing(), root()))
    request[position % len(request)] = value
    try:
        parse_request(bytes(request))
    except MalformedEvidenceError:
        return
