"""Where the origin of a fault comes from, and where it is left alone."""

import pytest

from lienthong.exchange.errors import Fault, LocalProtocolError, ProtocolError, RelayedFault, RemoteProtocolError


def test_an_origin_is_put_in_front_once() -> None:
    fault = Fault("io_error", "cut", detail="d-1", actor="ss1")
    shown = fault.prefixed("server.clientproxy").prefixed("server.clientproxy")
    assert (shown.code, shown.message, shown.detail, shown.actor) == (
        "server.clientproxy.io_error",
        "cut",
        "d-1",
        "ss1",
    )
    assert fault.prefixed("server.clientproxy", "service_failed").code == "server.clientproxy.service_failed.io_error"


def test_another_servers_fault_keeps_its_code() -> None:
    relayed = RelayedFault("server.serverproxy.access_denied", "no")
    assert relayed.prefixed("server.clientproxy") is relayed


@pytest.mark.parametrize("kind", [LocalProtocolError, RemoteProtocolError])
def test_whose_mistake_it_was_is_always_said(kind: type[ProtocolError]) -> None:
    assert (kind("malformed", "x").code, kind("malformed", "x").message) == ("malformed", "x")
    with pytest.raises(TypeError):
        ProtocolError("malformed", "x")
