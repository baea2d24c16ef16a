"""What differs between a message of ours and a recorded one, but for what the recordings leave free.

Free: boundary, ids, Date, User-Agent, chunk sizes, order of HTTP headers outside signed blocks, fault details,
signature values. What a server's own HTTP library says about its connection is free too.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from lxml import etree
from tests.unit.exchange import recordings

_CONNECTION = {b"connection", b"keep-alive", b"transfer-encoding", b"content-length", b"user-agent"}
"""Of the connection, not of the message; bodies are compared as bytes."""
_ANY_CASE = {b"host", b"content-type", b"date"}
"""Names that everyone reads in any case, and that recorded servers spell in more than one way."""
_HASH_CHAIN = {"application/hash-chain-result", "application/hash-chain"}
_SIGNED_BY_EACH = {"application/ocsp-response", "signature/bdoc-1.0/ts"}
"""Values that every run makes anew; judged by the receiver, and as evidence."""
_DETAIL = re.compile(r'(<faultDetail xmlns="">|"detail":")[0-9a-f-]{36}')
_MESSAGE = re.compile(r'<faultstring>(.*?)</faultstring>|"message":"((?:[^"\\]|\\.)*)"', re.DOTALL)


@dataclass(frozen=True)
class Part:
    """One part of a transport message."""

    content_type: str
    content: bytes


@dataclass(frozen=True)
class Http:
    """An HTTP message taken apart."""

    first: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @classmethod
    def of(cls, raw: bytes) -> Http:
        return cls(*recordings.split_http(raw))

    def named(self, *ignored: bytes) -> list[tuple[bytes, bytes]]:
        """The headers that count, sorted; boundaries and times are left out. Peers look the names up by exact case."""
        counted = [(name, value) for name, value in self.headers if name.lower() not in _CONNECTION | {*ignored}]
        return sorted(map(_named, counted))

    @property
    def parts(self) -> list[Part] | None:
        """The parts of a multipart message; None of another."""
        boundary = re.search(
            r"boundary=(\w+)", recordings.header([*self.headers, (b"content-type", b"")], b"content-type")
        )
        if boundary is None:
            return None
        opening, *middle, closing = re.split(rb"(?:\A|\r\n)--%b" % boundary[1].encode(), self.body)
        assert (opening, closing) == (b"", b"--\r\n")
        return [_part(piece) for piece in middle]


def _named(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    name, value = header
    lowered = name.lower()
    free = b"" if lowered == b"date" else re.sub(rb"boundary=\w+", b"boundary=", value)
    return lowered if lowered in _ANY_CASE else name, free


def _part(piece: bytes) -> Part:
    head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    name, _, content_type = head.partition(b": ")
    assert name == b"content-type"
    return Part(content_type.decode(), content)


def differences(
    ours: bytes, recorded: bytes, *, ignoring: tuple[bytes, ...] = (), text: str | None = None, is_batch: bool = False
) -> list[str]:
    """One line for each difference.

    Args:
        ignoring: Headers, in lower case, that the two need not share.
        text: The message that our fault has in place of the recorded one, which quotes another program.
        is_batch: Hash chains depend on who signed together.
    """
    if not ours:
        return ["no answer"] if recorded else []
    mine, theirs = Http.of(ours), Http.of(recorded)
    found = unequal("first line", mine.first, theirs.first)
    found += unequal("headers", mine.named(*ignoring), theirs.named(*ignoring))
    if mine.parts is None or theirs.parts is None:
        return found + unequal("body", _comparable(mine.body), _comparable(theirs.body, text))
    found += unequal("parts", [part.content_type for part in mine.parts], [part.content_type for part in theirs.parts])
    for one, other in zip(mine.parts, theirs.parts, strict=False):
        if one.content_type in _SIGNED_BY_EACH or (is_batch and one.content_type in _HASH_CHAIN):
            continue
        compared = _tree if one.content_type in _HASH_CHAIN else _comparable
        found += unequal(one.content_type, compared(one.content), compared(other.content, text))
    return found


def fault_text(message: bytes) -> str:
    """What a refusal says, wherever it stands."""
    found = _MESSAGE.search(Http.of(message).body.decode())
    assert found is not None
    return found[1] if found[1] is not None else str(json.loads(f'"{found[2]}"'))


def _tree(content: bytes, _: str | None = None) -> str:
    """XML without its prefixes: the two recorded servers chose different ones for the same namespaces."""
    root = etree.fromstring(content)
    return repr([(each.tag, dict(each.attrib), each.text, each.tail) for each in root.iter()])


def _comparable(content: bytes, text: str | None = None) -> str | bytes:
    try:
        shown = _DETAIL.sub(r"\1", content.decode())
    except UnicodeDecodeError:
        return content
    if text is None:
        return shown
    return _MESSAGE.sub(lambda found: found[0].replace(found[1] or found[2], text), shown)


def unequal(what: str, ours: object, recorded: object) -> list[str]:
    """One line, or none."""
    return [] if ours == recorded else [f"{what}: ours {ours!r}, recorded {recorded!r}"]
