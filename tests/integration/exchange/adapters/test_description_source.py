"""Descriptions over HTTP: from the address that was given, and imports from the same server only."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.fakes.wsdl_documents import wsdl

from lienthong.exchange.adapters import description_source
from lienthong.exchange.adapters.description_source import DescriptionSource
from lienthong.exchange.adapters.http_errors import FetchError
from lienthong.exchange.metadata.wsdl import read_wsdl

pytestmark = pytest.mark.sockets
HOST, OTHER = "127.82.65.1", "127.82.65.2"
IMPORTING = wsdl("a/v1", more='<wsdl:import namespace="urn:x" location="{}"/>\n')
PART = wsdl("part/v1").replace("legacy", "part")


@pytest.fixture
def serve() -> Iterator[Callable[..., tuple[str, list[str]]]]:
    """Serves documents by path, and remembers what was asked for."""
    servers: list[ThreadingHTTPServer] = []

    def start(documents: dict[str, tuple[int, bytes]], *, host: str = HOST) -> tuple[str, list[str]]:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                status, body = documents.get(self.path, (404, b""))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                if status == 302:
                    self.send_header("Location", "/moved")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        servers.append(ThreadingHTTPServer((host, 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://{host}:{servers[-1].server_port}", asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_description_and_what_it_imports_from_its_own_server(serve: Callable[..., tuple[str, list[str]]]) -> None:
    documents = {"/d/a.wsdl": (200, IMPORTING.format("part.wsdl").encode()), "/d/part.wsdl": (200, PART.encode())}
    base, asked = serve(documents)
    source = DescriptionSource(f"{base}/d/a.wsdl")
    for _ in range(2):
        services = read_wsdl(source.read(), fetch=source.beside)
        assert [service.name for service in services] == ["a/v1", "part/v1"]
    assert asked.count("/d/part.wsdl") == 1


def test_no_import_leads_to_another_server_or_to_a_file(serve: Callable[..., tuple[str, list[str]]]) -> None:
    base, _ = serve({})
    other, asked = serve({"/part.wsdl": (200, PART.encode())}, host=OTHER)
    source = DescriptionSource(f"{base}/a.wsdl")
    for location in (f"{other}/part.wsdl", f"//{OTHER}/part.wsdl", "file:///etc/hostname", "http://[", "missing.wsdl"):
        assert source.beside(location) is None
    assert asked == []


@pytest.mark.parametrize("status", [302, 404, 500])
def test_only_a_plain_answer_is_a_description(serve: Callable[..., tuple[str, list[str]]], status: int) -> None:
    base, asked = serve({"/a.wsdl": (status, b"x"), "/moved": (200, b"y")})
    with pytest.raises(FetchError, match=f"answered HTTP {status}"):
        DescriptionSource(f"{base}/a.wsdl").read()
    assert asked == ["/a.wsdl"]


def test_a_description_without_end_is_not_read_to_it(
    serve: Callable[..., tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(description_source, "BYTES_MAX", 1000)
    base, _ = serve({"/a.wsdl": (200, bytes(1001))})
    with pytest.raises(FetchError, match="more than 1000 bytes"):
        DescriptionSource(f"{base}/a.wsdl").read()


def test_nobody_answers() -> None:
    with socket.create_server((HOST, 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(FetchError, match="no answer from"):
        DescriptionSource(f"http://{HOST}:{port}/").read()
