"""What comes from services and systems: refusals, façade calls, OpenAPI descriptions, HTTP targets."""

from __future__ import annotations

import contextlib

from lienthong.exchange.adapters.http_head import HeadRefusedError, check_target
from lienthong.exchange.connector.answers import read_fault
from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.metadata.openapi import asked_service, reduce_servers
from lienthong.exchange.serverconf.facade import translate_facade
from lienthong.exchange.serverconf.settings import FacadeSettings

REFUSES = (Fault,)
_CLIENT = ClientId("VN", "GOV", "H10", "onestop")
_FACADE = FacadeSettings(enabled=True, client=_CLIENT)


def read(data: bytes) -> None:
    text = data.decode("latin-1")
    assert read_fault("server.x", data, status=500, message_id="m").message
    translate_facade("/XrdAdapter/RestService/forward" + text, (), facade=_FACADE)
    with contextlib.suppress(HeadRefusedError):
        assert check_target(b"GET", data).startswith(b"/")
    with contextlib.suppress(Fault):
        asked_service(data, provider=_CLIENT)
    for content_type in ("application/json", "application/yaml"):
        with contextlib.suppress(Fault):
            reduce_servers(data, content_type=content_type)
