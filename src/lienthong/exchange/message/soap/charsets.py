"""In which character set an envelope is read.

Source: RFC 7303 s.3.2, s.3.3: a byte-order mark, else the charset of the Content-Type, else what the document says.
"""

from __future__ import annotations

import codecs
from functools import lru_cache

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.media_types import media_type, parameter

SOAP_TYPES = frozenset({"text/xml", "application/xop+xml"})
"""Content types of a SOAP part. Source: message-path dossier s.2.7."""
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NATIVE = {
    "utf-8": "UTF-8",
    "ascii": "US-ASCII",
    "iso8859-1": "ISO-8859-1",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16LE",
    "utf-16-be": "UTF-16BE",
}
"""Python's name → expat's."""
_SINGLE_BYTE = frozenset(
    {*(f"iso8859-{number}" for number in range(2, 17)), *(f"cp{number}" for number in range(1250, 1259)), "koi8-r"}
)
"""Charsets whose first half is ASCII; expat reads them by a table."""


def expat_encoding(envelope: bytes, content_type: str) -> str | None:
    """What expat is told to read the envelope as; None leaves it to the document, UTF-8 where that says nothing.

    Raises:
        Fault: ``invalid_content_type`` for a content type that no SOAP part has, or a charset not read here.
    """
    charset = _charset(content_type)
    if envelope.startswith(_UTF16):
        return "UTF-16"
    return "UTF-8" if envelope.startswith(codecs.BOM_UTF8) else charset


@lru_cache(maxsize=256)
def _charset(content_type: str) -> str | None:
    base = media_type(content_type)
    if base not in SOAP_TYPES:
        raise Fault("invalid_content_type", f"Invalid content type: {base[:100]}")
    charset = parameter(content_type, "charset")
    if not charset:
        return None
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        name = ""
    if name in _SINGLE_BYTE:
        return name
    if name not in _NATIVE:
        raise Fault("invalid_content_type", f"SOAP messages are not read in charset {charset[:100]!r}; send UTF-8")
    return _NATIVE[name]


def width_codec(envelope: bytes) -> str:
    """A codec that gives the envelope's markup as text and back, byte for byte, whatever its charset.

    Latin-1 does for UTF-8 and every charset that begins with ASCII.
    """
    start = envelope[:2]
    if start == codecs.BOM_UTF16_LE or start[1:] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if start == codecs.BOM_UTF16_BE or start[:1] == b"\0" else "latin-1"
