"""A security server's client port that answers by a script and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """One scripted answer; ``drop`` closes the connection instead, ``missing`` promises bytes that never come."""

    status: int = 200
    body: bytes = b"{}"
    headers: tuple[tuple[str, str], ...] = ()
    drop: bool = False
    missing: int = 0


DROP = Reply(drop=True)


def fault(code: str, message: str = "no", *, status: int = 500) -> Reply:
    """A refusal as X-Road servers write it. Source: message-path s.2.6."""
    body = f'{{"type":"{code}","message":"{message}","detail":"d-1"}}'.encode()
    return Reply(status=status, body=body, headers=(("X-Road-Error", code), ("Content-Type", "application/json")))


@dataclass
class Asked:
    """One request as received."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)


@dataclass
class ScriptedServer:
    url: str
    script: list[Reply]
    asked: list[Asked] = field(default_factory=list)
    peers: set[tuple[str, int]] = field(default_factory=set)
    """Every connection that asked something, by its other end."""
    closed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Counts the connections that this side has ended."""


@contextmanager
def serving(*script: Reply, close_after_each: bool = False) -> Iterator[ScriptedServer]:
    """Serve a script on a loopback port; after its end every answer is an empty 200.

    Args:
        close_after_each: End the connection after an answer without having said so.
    """
    state = ScriptedServer(url="", script=list(script))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def _read(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def _answer(self) -> None:
            headers = [(name, value.encode("latin-1").decode()) for name, value in self.headers.items()]
            state.peers.add(self.client_address)
            state.asked.append(Asked(self.command, self.path, headers, self._read()))
            reply = state.script.pop(0) if state.script else Reply()
            if reply.drop:
                self.close_connection = True
                return
            self.send_response_only(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value.encode().decode("latin-1"))
            self.send_header("Content-Length", str(len(reply.body) + reply.missing))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)
            self.close_connection = bool(reply.missing) or close_after_each

        def finish(self) -> None:
            super().finish()
            self.connection.close()
            state.closed.release()

        do_GET = do_HEAD = do_OPTIONS = do_POST = do_PUT = do_DELETE = do_PATCH = _answer

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
