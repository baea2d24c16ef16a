"""In which character set an envelope is read.

Source: RFC 7303 s.3.2, s.3.3: a byte-order mark, else the charset of the Content-Type, else what the document says.
"""

from __future__ import annotations

import codecs
from functools import lru_cache

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.media_types import SOAP_MEDIA_TYPES, media_type, parameter

_MARKS = {codecs.BOM_UTF8: "UTF-8", codecs.BOM_UTF16_LE: "UTF-16LE", codecs.BOM_UTF16_BE: "UTF-16BE"}
_READ = {
    "utf-8": "UTF-8",
    "ascii": "US-ASCII",
    "utf-16": "UTF-16BE",
    "utf-16-le": "UTF-16LE",
    "utf-16-be": "UTF-16BE",
    "iso8859-1": "ISO-8859-1",
    **{f"iso8859-{part}": f"ISO-8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **{f"cp{page}": f"windows-{page}" for page in range(1250, 1259)},
    "koi8-r": "KOI8-R",
}
"""Python's name → libxml2's. Each is UTF-16 or begins with ASCII, so that all of them agree on what markup is.

UTF-16 without a mark is big-endian. Source: RFC 2781 s.4.3.
"""


def encoding_of(envelope: bytes, content_type: str) -> str | None:
    """What the parser is told to read the envelope as; None leaves it to the document, UTF-8 where that says nothing.

    Raises:
        Fault: ``invalid_content_type`` for a content type that no SOAP part has, or a charset not read here.
    """
    charset = _charset(content_type)
    if envelope[:1] == b"<":
        return charset
    return next((name for mark, name in _MARKS.items() if envelope.startswith(mark)), charset)


def is_readable(charset: str) -> bool:
    """Whether messages are read in this charset."""
    return _known(charset) is not None


@lru_cache(maxsize=256)
def _charset(content_type: str) -> str | None:
    base = media_type(content_type)
    if base not in SOAP_MEDIA_TYPES:
        raise Fault("invalid_content_type", f"Invalid content type: {base[:100]}")
    charset = parameter(content_type, "charset")
    if not charset:
        return None
    name = _known(charset)
    if name is None:
        raise Fault("invalid_content_type", f"SOAP messages are not read in charset {charset[:100]!r}; send UTF-8")
    return name


@lru_cache(maxsize=256)
def _known(charset: str) -> str | None:
    try:
        return _READ.get(codecs.lookup(charset).name)
    except (LookupError, ValueError):
        return None


def width_codec(envelope: bytes) -> str:
    """A codec that gives the envelope's markup as text and back, byte for byte, whatever its charset.

    Latin-1 does for UTF-8 and every charset that begins with ASCII.
    """
    start = envelope[:2]
    if start == codecs.BOM_UTF16_LE or start[1:] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if start == codecs.BOM_UTF16_BE or start[:1] == b"\0" else "latin-1"
