"""WSDL documents: which services they describe, the copy that callers see, and what is wrong with them."""

from __future__ import annotations

from lienthong.exchange.errors import Fault
from lienthong.exchange.metadata.lint import lint_wsdl, words_of
from lienthong.exchange.metadata.wsdl import SHOWN_ADDRESS, read_wsdl, reduce_addresses

REFUSES = (Fault,)


def read(data: bytes) -> None:
    for finding in lint_wsdl(data, fetch=lambda _: data):
        assert all(words_of(finding, language).cause for language in ("vi", "en"))
    services = read_wsdl(data, fetch=lambda _: data)
    assert len({service.name for service in services}) == len(services)
    described, shown = read_wsdl(data), read_wsdl(reduce_addresses(data))
    assert [service.name for service in shown] == [service.name for service in described]
    assert {service.address for service in shown} <= {"", SHOWN_ADDRESS}
