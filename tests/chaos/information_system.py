"""An information system that notes every message it executes before it answers: a process of its own, so that it can die.

python information_system.py HOST:PORT NOTES [CERTIFICATE_WITH_KEY]
"""

import hashlib
import os
import ssl
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PIECE = 64 * 1024


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    notes = -1

    def do_POST(self) -> None:
        if urlsplit(self.path).path == "/soap":
            self.measure()
        elif urlsplit(self.path).path == "/digest":
            hashed, size = hashlib.sha256(), 0
            for piece in self.pieces():
                hashed.update(piece)
                size += len(piece)
            self.note()
            self.answer(f"{size} {hashed.hexdigest()}".encode())
        else:
            content = b"".join(self.pieces())
            self.note()
            self.answer(content)

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        self.note()
        if asked.path != "/bytes":
            self.answer(b"here")
            return
        left = int(parse_qs(asked.query)["size"][0])
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(left))
        self.end_headers()
        self.pour(left)

    def measure(self) -> None:
        """Tells size and digest of a SOAP message as it came, and attaches as many bytes as the envelope asks for."""
        hashed, size, begin = hashlib.sha256(), 0, b""
        for piece in self.pieces():
            begin = (begin + piece)[:PIECE]
            hashed.update(piece)
            size += len(piece)
        self.note()
        envelope = begin[begin.index(b"<S:Envelope") : begin.index(b"</S:Envelope>") + len(b"</S:Envelope>")]
        wanted = int(envelope.partition(b"<wanted>")[2].partition(b"</wanted>")[0])
        told = (
            f"<m:measureResponse xmlns:m='urn:m'>{size} {hashed.hexdigest()}</m:measureResponse></S:Body></S:Envelope>"
        )
        head = (
            b"--answer\r\nContent-Type: text/xml; charset=UTF-8\r\n\r\n"
            + envelope[: envelope.index(b"<m:measure")]
            + told.encode()
            + b"\r\n--answer\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        end = b"\r\n--answer--\r\n"
        self.send_response(200)
        self.send_header("Content-Type", "multipart/related; boundary=answer")
        self.send_header("Content-Length", str(len(head) + wanted + len(end)))
        self.end_headers()
        self.wfile.write(head)
        self.pour(wanted)
        self.wfile.write(end)

    def pour(self, left: int) -> None:
        pattern = bytes(range(256)) * (PIECE // 256)
        while left:
            piece = pattern[:left]
            self.wfile.write(piece)
            left -= len(piece)

    def pieces(self) -> Iterator[bytes]:
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return
        left = int(self.headers.get("Content-Length", "0"))
        while left:
            piece = self.rfile.read(min(PIECE, left))
            if not piece:
                raise ConnectionError("the request ends early")
            left -= len(piece)
            yield piece

    def note(self) -> None:
        """One line, one write: what was executed is known even when the process is killed the moment after."""
        os.write(self.notes, self.headers.get("X-Road-Id", "").encode() + b"\n")

    def answer(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


def main(listen: str, notes: str, certificate: str | None = None) -> None:
    host, port = listen.rsplit(":", 1)
    Handler.notes = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    server = Server((host, int(port)), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
