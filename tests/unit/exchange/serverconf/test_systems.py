import pytest

from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.serverconf.settings import Client, ClientStatus, ConnectionType
from lienthong.exchange.serverconf.systems import SystemConnection, decide_system

ONESTOP = ClientId("VN", "GOV", "000.00.00.H10", "onestop")
OWN, OTHER, INTERNAL = b"registered", b"other", b"internal"
HTTP, HTTPS, NO_AUTH = ConnectionType.HTTP, ConnectionType.HTTPS, ConnectionType.HTTPS_NO_AUTH
FAILED = "ssl_authentication_failed"

CASES = [
    # connection type, TLS, certificate shown, registered, fault (message-path s.2.3)
    (HTTP, False, None, [], None),
    (HTTP, True, OTHER, [OWN], None),
    (NO_AUTH, False, None, [OWN], FAILED),
    (NO_AUTH, True, None, [], None),
    (NO_AUTH, True, OTHER, [OWN], None),
    (HTTPS, False, None, [OWN], FAILED),
    (HTTPS, False, OWN, [OWN], FAILED),
    (HTTPS, True, None, [OWN], FAILED),
    (HTTPS, True, OTHER, [OWN], FAILED),
    (HTTPS, True, OWN, [], FAILED),
    (HTTPS, True, OWN, [OTHER, OWN], None),
    (HTTPS, True, INTERNAL, [], None),
]


@pytest.mark.parametrize(("kind", "tls", "shown", "registered", "code"), CASES)
def test_connections(
    kind: ConnectionType,
    tls: bool,
    shown: bytes | None,
    registered: list[bytes],
    code: str | None,
) -> None:
    fault = decide_system(
        ONESTOP,
        Client(id=ONESTOP, connection_type=kind),
        SystemConnection(tls=tls, certificate_der=shown),
        registered_der=registered,
        internal_der=INTERNAL,
    )
    assert (fault and fault.code) == code
    assert fault is None or str(ONESTOP) in fault.message


def test_no_internal_certificate_vouches_for_nobody() -> None:
    fault = decide_system(
        ONESTOP, Client(id=ONESTOP), SystemConnection(tls=True), registered_der=[OWN], internal_der=None
    )
    assert fault is not None


@pytest.mark.parametrize("status", [status for status in ClientStatus if status is not ClientStatus.REGISTERED])
def test_only_a_registered_client_may_call(status: ClientStatus) -> None:
    client = Client(id=ONESTOP, status=status, connection_type=HTTP)
    fault = decide_system(ONESTOP, client, SystemConnection(tls=False), registered_der=[], internal_der=None)
    assert fault is not None
    assert fault.code == "unknown_member"


def test_an_unknown_client_is_not_found_before_its_connection_is_looked_at() -> None:
    fault = decide_system(ONESTOP, None, SystemConnection(tls=False), registered_der=[], internal_der=None)
    assert fault is not None
    assert fault.code == "unknown_member"
    assert fault.message == "Client 'SUBSYSTEM:VN/GOV/000.00.00.H10/onestop' not found"


def test_a_request_without_client_is_told_so() -> None:
    fault = decide_system(None, None, SystemConnection(tls=False), registered_der=[], internal_der=None)
    assert fault is not None
    assert fault.code == "invalid_client_identifier"
