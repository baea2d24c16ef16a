"""What differs between a message of ours and a recorded one, but for what the recordings leave free.

Free: boundary, ids, Date, User-Agent, chunk sizes, order of headers outside signed blocks, fault details, signature
values. What a server's own HTTP library says about its connection is free too; so is how a recorded provider's server
wrote an envelope anew to put the request hash into it: ours changes nothing else, which test_provider checks.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

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
_FAULT_CODE = re.compile(r"<faultcode>([^<]*)</faultcode>")
_MESSAGE = re.compile(r'<faultstring>(.*?)</faultstring>|"message":"((?:[^"\\]|\\.)*)"', re.DOTALL)


_BY_LIBRARY = b";charset=utf-8"
"""What the recorded servers' HTTP library adds to a type that it does not know."""
_BOUNDARY = re.compile(rb"boundary=\w+")
_NESTED = re.compile(rb"\r\n--xatt\w+")
"""Before each attachment inside a message between servers."""
_WSDL_ID = re.compile(rb"<wsdl=[0-9a-f-]{36}@")


@dataclass(frozen=True)
class Part:
    """One part of a multipart message."""

    content_type: str
    """Without the boundary of what is inside."""
    headers: list[bytes]
    """The other header lines, sorted: unsigned, and genuine servers shuffle them."""
    content: bytes


@dataclass(frozen=True)
class Http:
    """An HTTP message taken apart."""

    first: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes
    is_chainless: bool = False

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
            r'boundary="?(\w+)', recordings.header([*self.headers, (b"content-type", b"")], b"content-type")
        )
        if boundary is None:
            return None
        opening, *middle, closing = re.split(rb"(?:\A|\r\n)--%b" % boundary[1].encode(), self.body)
        assert (opening, closing) == (b"", b"--\r\n")
        parts = [_part(piece) for piece in middle]
        return [part for part in parts if part.content_type not in _HASH_CHAIN] if self.is_chainless else parts

    def without_chains(self) -> Http:
        """The same message without the parts that depend on who signed together."""
        return replace(self, is_chainless=True)

    @property
    def fault_code(self) -> str | None:
        """Of a refusal, wherever it stands; None of anything else."""
        named = [value.decode() for name, value in self.headers if name.lower() == b"x-road-error"]
        return named[0] if named else next(iter(_FAULT_CODE.findall(self.body.decode("utf-8", "replace"))), None)


def _named(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    name, value = header
    lowered = name.lower()
    value = value.removesuffix(_BY_LIBRARY) if value.startswith(b"multipart/related") else value
    free = b"" if lowered == b"date" else _BOUNDARY.sub(b"boundary=", value)
    return lowered if lowered in _ANY_CASE else name, free


def _part(piece: bytes) -> Part:
    head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    first, _, others = head.partition(b"\r\n")
    name, _, content_type = first.partition(b":")
    assert name.lower() == b"content-type"
    shown = _BOUNDARY.sub(b"boundary=", content_type.strip()).decode()
    lines = sorted(_WSDL_ID.sub(b"<wsdl=@", line) for line in others.split(b"\r\n"))
    return Part(shown, lines, _nested(content) if shown.startswith("multipart/") else content)


def _nested(attachments: bytes) -> bytes:
    """Attachments between servers, without their boundary and with sorted headers."""
    return repr([_part(piece) for piece in _NESTED.split(attachments)[1:-1]]).encode()


def differences(
    ours: bytes, recorded: bytes, *, ignoring: tuple[bytes, ...] = (), text: str | None = None, is_batch: bool = False
) -> list[str]:
    """One line for each difference.

    Args:
        ignoring: Headers, in lower case, that the two need not share.
        text: The message that our fault has in place of the recorded one, which quotes another program.
        is_batch: Hash chains, and whether there are any, depend on who signed together.
    """
    if not ours:
        return ["no answer"] if recorded else []
    mine, theirs = Http.of(ours), Http.of(recorded)
    if is_batch:
        mine, theirs = mine.without_chains(), theirs.without_chains()
    found = unequal("first line", mine.first, theirs.first)
    found += unequal("headers", mine.named(*ignoring), theirs.named(*ignoring))
    if mine.parts is None or theirs.parts is None:
        return found + unequal("body", _comparable(mine.body), _comparable(theirs.body, text))
    found += unequal(
        "parts", *([(part.content_type, part.headers) for part in each] for each in (mine.parts, theirs.parts))
    )
    is_rewritten = any(same_xml(one.content, other.content) and one != other for one, other in _pairs(mine, theirs))
    for one, other in _pairs(mine, theirs):
        if one.content_type in _SIGNED_BY_EACH or (is_rewritten and one.content_type in _HASH_CHAIN):
            continue
        compared = _tree if one.content_type in _HASH_CHAIN else _comparable
        if not (is_rewritten and same_xml(one.content, other.content)):
            found += unequal(one.content_type, compared(one.content), compared(other.content, text))
    return found


def _pairs(mine: Http, theirs: Http) -> list[tuple[Part, Part]]:
    return list(zip(mine.parts or [], theirs.parts or [], strict=False))


def same_xml(one: bytes, other: bytes) -> bool:
    """Whether two answers of a service are the same document, written once by the service and once by a library."""
    if b"requestHash" not in one or b"requestHash" not in other:
        return False
    ours, theirs = (etree.tostring(etree.fromstring(each), method="c14n") for each in (one, other))
    return ours == theirs


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
