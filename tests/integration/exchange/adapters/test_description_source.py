"""Descriptions over HTTP: from the address that was given, and imports from the same server only."""

from __future__ import annotations

import pytest
from tests.fakes.scripted_server import DROP, Reply, serving
from tests.fakes.wsdl_documents import wsdl

from lienthong.exchange.adapters import description_source
from lienthong.exchange.adapters.description_source import DescriptionSource
from lienthong.exchange.adapters.http_errors import FetchError
from lienthong.exchange.metadata.wsdl import read_wsdl

pytestmark = pytest.mark.sockets
IMPORTING = wsdl("a/v1", more='<wsdl:import namespace="urn:x" location="part.wsdl"/>\n').encode()
PART = wsdl("part/v1").replace("legacy", "part").encode()


def test_a_description_and_what_it_imports_from_its_own_server_once() -> None:
    with serving(Reply(body=IMPORTING), Reply(body=PART), Reply(body=IMPORTING)) as server:
        source = DescriptionSource(f"{server.url}/d/a.wsdl")
        for _ in range(2):
            services = read_wsdl(source.read(), fetch=source.beside)
            assert [service.name for service in services] == ["a/v1", "part/v1"]
        assert [each.target for each in server.asked] == ["/d/a.wsdl", "/d/part.wsdl", "/d/a.wsdl"]


def test_no_import_leads_to_another_server_or_to_a_file() -> None:
    with serving(Reply(status=404)) as own, serving(Reply(body=PART)) as other:
        source = DescriptionSource(f"{own.url}/a.wsdl")
        elsewhere = f"{other.url}/part.wsdl"
        for location in (
            elsewhere,
            elsewhere.removeprefix("http:"),
            "file:///etc/hostname",
            "http://[",
            "missing.wsdl",
        ):
            assert source.beside(location) is None
        assert (len(own.asked), len(other.asked)) == (1, 0)


@pytest.mark.parametrize("status", [302, 404, 500])
def test_only_a_plain_answer_is_a_description(status: int) -> None:
    with serving(Reply(status=status, headers=(("Location", "/moved"),))) as server:
        with pytest.raises(FetchError, match=f"answered HTTP {status}"):
            DescriptionSource(f"{server.url}/a.wsdl").read()
        assert len(server.asked) == 1


def test_a_description_without_end_is_not_read_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(description_source, "BYTES_MAX", 1000)
    with serving(Reply(body=bytes(1001))) as server, pytest.raises(FetchError, match="more than 1000 bytes"):
        DescriptionSource(server.url).read()


def test_nobody_answers() -> None:
    with serving(DROP, DROP) as server, pytest.raises(FetchError, match="no answer from"):
        DescriptionSource(server.url).read()
