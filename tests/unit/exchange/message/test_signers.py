"""Who must have signed a logged message, found in whatever bytes it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.signing import MESSAGE
from tests.fakes.soap_messages import ANSWER, CLIENT, HASH, HEADER, REQUEST, SERVICE, envelope, message
from tests.unit.exchange.message.soap.test_messages import soap_part
from tests.unit.exchange.recordings import live

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.message.faults import render_soap_fault
from lienthong.exchange.message.signers import is_rest, read_logged_soap, signer_of
from lienthong.exchange.message.soap import emptied


def test_signer_of_any_message() -> None:
    assert signer_of(REQUEST.encode()) == signer_of(b"\xef\xbb\xbf" + REQUEST.encode())
    assert signer_of(REQUEST.encode()) == ClientId("VN", "GOV", "H10", "onestop")
    assert signer_of(envelope(HEADER + HASH, ANSWER).encode()) == ClientId("VN", "GOV", "G01", "legacy")
    assert signer_of(MESSAGE) == ClientId("VN", "GOV", "000.00.00.H10", "onestop")
    block = (
        b"200\r\nOK\r\nx-road-id:m\r\nx-road-client:VN/GOV/H10/onestop\r\nx-road-service:VN/GOV/G01/population/svc\r\n"
        b"x-road-request-id:r\r\nx-road-request-hash:AAAA\r\n"
    )
    assert signer_of(block) == ClientId("VN", "GOV", "G01", "population")
    assert is_rest(block)
    assert not is_rest(REQUEST.encode())


def test_an_emptied_message_names_the_same_signer() -> None:
    for header, body in ((HEADER, ANSWER), (HEADER + HASH, ANSWER)):
        kept = emptied(message(envelope(header, body)))
        assert signer_of(kept) == signer_of(envelope(header, body).encode())


@pytest.mark.parametrize("case", ["simple", "attachment", "mtom", "bom", "utf16", "latin1", "no-declaration"])
def test_genuine_messages(case: str) -> None:
    _, data = soap_part(live(f"soap/{case}", "1-consumer-request.http"))
    assert signer_of(data) == ClientId("VN", "GOV", "000.00.00.H10", "onestop")
    _, data = soap_part(live(f"soap/{case}", "5-transit-response.http"))
    assert signer_of(data) == ClientId("VN", "GOV", "000.00.00.G01", "legacy")


def test_a_charset_that_only_the_transport_named() -> None:
    data = envelope(HEADER.replace("VN12345678", "é"), prolog="").encode("latin-1")
    assert read_logged_soap(data).user_id == "é"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (render_soap_fault(Fault("a", "b")), "missing_header"),
        (REQUEST.replace("xrd:client", "xrd:klient").encode(), "missing_header_field"),
        (REQUEST[:-1].encode(), "invalid_soap"),
    ],
)
def test_refused(data: bytes, code: str) -> None:
    with pytest.raises(Fault) as caught:
        signer_of(data)
    assert caught.value.code == code


def test_more_than_the_parties_is_not_asked() -> None:
    """Containers of X-Road 6 hold messages that no server would take today, and are evidence."""
    assert signer_of(envelope(CLIENT + SERVICE, "").encode()) == ClientId("VN", "GOV", "H10", "onestop")


def test_a_fault_is_no_message() -> None:
    with pytest.raises(Fault) as caught:
        read_logged_soap(render_soap_fault(Fault("a", "b")))
    assert caught.value.code == "malformed_soap"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_noise(noise: bytes) -> None:
    with pytest.raises(Fault):
        signer_of(noise)
