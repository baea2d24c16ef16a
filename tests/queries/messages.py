"""The stored messages of X-Road's own tests, sent as they are; and those made from their descriptions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tests.live.comparison import Http
from tests.shared import SHARED, shared

QUERIES = SHARED / "fixtures/xroad/queries"
BOUNDARY = "jetty771207119h3h10dty"
RELATED = f"multipart/related; boundary={BOUNDARY}"
_BODY = re.compile(rb"(<(?:[\w-]+:)?Body>)(.*)(</(?:[\w-]+:)?Body>)", re.DOTALL)
_CODE = re.compile(rb"<(?:\w+:)?serviceCode>([^<]*)</")
_HASH = re.compile(rb"<(?:\w+:)?requestHash[^>]*>[^<]*</(?:\w+:)?requestHash>")
_FIRST_NAME = re.compile(rb"<((?:[\w-]+:)?)(\w+)")


@dataclass(frozen=True, kw_only=True)
class Message:
    """An HTTP message that carries SOAP, or should."""

    body: bytes
    content_type: str | None = "text/xml"
    method: str = "POST"
    soap_action: str | None = None
    is_made: bool = False
    """Ours, made from a description in the dossier; not one of the stored files."""

    @property
    def request(self) -> bytes:
        """As an information system sends it."""
        return self._http(f"{self.method} / HTTP/1.1")

    @property
    def answer(self) -> bytes:
        """As a service answers it."""
        return self._http("HTTP/1.1 200 OK")

    @property
    def parts(self) -> list[tuple[bytes, bytes]]:
        """Head and content of each part, the lines of the file ending as they do; one part where it is no multipart."""
        return parts_of(self.content_type or "", self.body)

    @property
    def envelope(self) -> bytes:
        return self.parts[0][1]

    def _http(self, first: str) -> bytes:
        lines = [first, "Host: test", f"Content-Length: {len(self.body)}", "Connection: close"]
        lines += [f"Content-Type: {self.content_type}"] if self.content_type is not None else []
        lines += [f"SOAPAction: {self.soap_action}"] if self.soap_action is not None else []
        return "\r\n".join([*lines, "", ""]).encode() + self.body


def stored(name: str, **changed: object) -> Message:
    """One of the stored files; its boundary stands in its own first line. Absent files skip the test by name."""
    body = shared(f"fixtures/xroad/queries/{name}").read_bytes()
    first = body.split(b"\n", 1)[0].strip()
    content_type = f"multipart/related; boundary={first[2:].decode()}" if first.startswith(b"--") else "text/xml"
    return replace(Message(body=body, content_type=content_type), **changed)  # type: ignore[arg-type]  # real fields


def made(body: bytes, **changed: object) -> Message:
    """One of ours."""
    return Message(body=body, is_made=True, **changed)  # type: ignore[arg-type]  # real fields


def altered(name: str, old: bytes, new: bytes, **changed: object) -> Message:
    """A stored file in which one thing is another."""
    message = stored(name)
    assert old in message.body
    return replace(message, body=message.body.replace(old, new), is_made=True, **changed)  # type: ignore[arg-type]


def parts_of(content_type: str, body: bytes) -> list[tuple[bytes, bytes]]:
    """Head and content of each part, line ends of either kind; the whole body where there is no boundary."""
    boundary = re.search(r'boundary="?([^";]+)', content_type)
    if boundary is None:
        return [(b"", body)]
    delimiter = re.compile(rb"(?:\A|\r?\n)--%b(?:--)?[ \t]*(?:\r?\n|\Z)" % re.escape(boundary[1].encode()))
    pieces = delimiter.split(body)
    return [_part(piece) for piece in pieces[1:] if piece.strip()]


def _part(piece: bytes) -> tuple[bytes, bytes]:
    found = re.search(rb"\r?\n\r?\n", piece)
    assert found is not None, piece
    return piece[: found.start()], piece[found.end() :]


def body_name(envelope: bytes) -> bytes:
    """Qualified name of the one element of the body."""
    body = _BODY.search(envelope)
    found = body and _FIRST_NAME.search(body[2])
    assert found, envelope
    return found[1] + found[2]


def answer_to(query: Message) -> Message:
    """What a service answers: the same envelope, its element a response."""
    envelope = query.envelope
    name = body_name(envelope)
    body = _BODY.search(envelope)
    assert body is not None
    answered = re.sub(rb"(</?)%b(?=[\s/>])" % re.escape(name), rb"\g<1>%bResponse" % name, body[2])
    return made(envelope[: body.start(2)] + answered + envelope[body.end(2) :], content_type="text/xml; charset=UTF-8")


def request_for(answer: Message) -> Message:
    """A request that *answer* answers: the same header blocks, and an element of the service's name."""
    envelope = _HASH.sub(b"", answer.envelope)
    code, body = _CODE.search(envelope), _BODY.search(envelope)
    assert code is not None
    assert body is not None
    asked = b'<q:%b xmlns:q="urn:test"/>' % code[1]
    return made(envelope[: body.start(2)] + asked + envelope[body.end(2) :])


def without_hash(envelope: bytes) -> bytes:
    """An envelope without the request hash that the provider's server wrote into it."""
    return _HASH.sub(b"", envelope)


def received(http: bytes) -> Message:
    """An HTTP message as it crossed the wire."""
    taken = Http.of(http)
    content_type = next((value.decode() for name, value in taken.headers if name.lower() == b"content-type"), None)
    return Message(body=taken.body, content_type=content_type)
