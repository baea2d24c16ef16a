import pytest

from lienthong.exchange.connector import Caller
from lienthong.exchange.identifiers import ClientId, IdentifierError


def test_a_caller_is_read_from_headers_in_any_case() -> None:
    caller = Caller.from_headers(
        {
            "x-road-client": "VN/GOV/000.00.00.H10/onestop",
            "X-ROAD-USERID": "an",
            "X-Road-Issue": "000.00.14.H20-200703-0002",
            "X-Road-Id": "VN-1",
            "x-road-request-id": "r-1",
            "X-Road-Represented-Party": "COM/0100109106",
        }
    )
    assert caller == Caller(
        client=ClientId("VN", "GOV", "000.00.00.H10", "onestop"),
        user_id="an",
        issue="000.00.14.H20-200703-0002",
        message_id="VN-1",
        request_id="r-1",
        represented_party="COM/0100109106",
    )


def test_the_last_of_repeated_headers_counts() -> None:
    pairs = [("X-Road-Client", "VN/GOV/1/a"), ("x-road-client", "VN/GOV/1/m%E1%BB%99t")]
    assert Caller.from_headers(pairs).client == ClientId("VN", "GOV", "1", "một")


@pytest.mark.parametrize("value", [None, "", "VN", "VN/GOV/1/a/b", "VN/GOV/1/ a"])
def test_a_request_that_did_not_come_through_the_exchange_is_refused(value: str | None) -> None:
    with pytest.raises(IdentifierError):
        Caller.from_headers({} if value is None else {"X-Road-Client": value})
