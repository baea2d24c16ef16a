import pytest

from lienthong.exchange.security.shown_names import HIDDEN, OTHER_CODE, shown_client, shown_code, shown_service

G01 = "VN/GOV/000.00.00.G01"


@pytest.mark.parametrize(
    ("service", "shown"),
    [
        (f"{G01}/population/citizens", f"{G01}/population/citizens"),
        (f"{G01}/population/012345678901", f"{G01}/population/{HIDDEN}"),
        (f"{G01}/Nguy%E1%BB%85n%20An/citizens", f"{G01}/{HIDDEN}/citizens"),
        (f"{G01}/population/an-19900101", f"{G01}/population/{HIDDEN}"),
        ("VN/NTP/012345678901/x/y", f"{HIDDEN}/y"),
        (f"{G01}/population", HIDDEN),
        ("", HIDDEN),
    ],
)
def test_what_may_be_a_persons_is_not_shown(service: str, shown: str) -> None:
    assert shown_service(service) == shown


@pytest.mark.parametrize(
    ("client", "shown"),
    [(f"{G01}/onestop", f"{G01}/onestop"), (G01, G01), ("012345678901", HIDDEN), ("", HIDDEN)],
)
def test_clients_are_organisations(client: str, shown: str) -> None:
    assert shown_client(client) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("server.serverproxy.access_denied", "server.serverproxy.access_denied"),
        ("Server.ServerProxy.AccessDenied", "server.serverproxy.access_denied"),
        ("server.serverproxy.012345678901", OTHER_CODE),
        ("Nguyễn Văn An", OTHER_CODE),
        ("", OTHER_CODE),
    ],
)
def test_only_codes_of_the_protocol_are_counted(code: str, shown: str) -> None:
    assert shown_code(code) == shown
