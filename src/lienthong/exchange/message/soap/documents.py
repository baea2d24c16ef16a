"""Envelopes read safely into a tree: no document type, no entity, nothing fetched, and bounds on size, depth, markup.

Nothing is judged here but what makes reading unsafe.
Source: SOAP 1.1 s.3, s.4; XML 1.0; message-path dossier s.2.7.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec
from lxml import etree

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.soap import names
from lienthong.exchange.message.soap.charsets import encoding_of, is_readable

ENVELOPE_BYTES_MAX = 10_000_000
"""Longest envelope read, and as far as libxml2 goes; what is larger travels as an attachment."""
DEPTH_MAX = 256
"""Deepest element read; libxml2 keeps to it."""
MARKUP_MAX = 500_000
"""Most tags and attributes in an envelope, by their ``<`` and ``=``: a tree takes some hundred bytes for each."""

Element = etree._Element
"""An element of an envelope."""


class Sections(msgspec.Struct, kw_only=True):
    """What stands in an envelope."""

    headers: list[tuple[int, Element]] = []
    """Header elements before the Body, and which children of the envelope they are."""
    bodies: int = 0
    children: list[Element] = []
    """Of the Body."""

    @property
    def fault(self) -> Element | None:
        """The SOAP fault that the Body holds and nothing else."""
        return self.children[0] if len(self.children) == 1 and self.children[0].tag == names.FAULT else None


def read_sections(envelope: bytes, *, content_type: str) -> Sections:
    """Parse an envelope.

    Raises:
        Fault: ``invalid_content_type``, ``invalid_soap`` (beyond a bound, not well-formed, with a document type, or no
            SOAP 1.1 envelope).
    """
    encoding = encoding_of(envelope, content_type)
    require_envelope_size(len(envelope))
    _require_little_markup(envelope)
    try:
        root = etree.fromstring(envelope, _parser(encoding))
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise Fault(
            "invalid_soap", f"SOAP message is not well-formed XML of at most {DEPTH_MAX} levels: {exc}"
        ) from exc
    document = root.getroottree().docinfo
    if document.internalDTD is not None:
        raise Fault("invalid_soap", "A SOAP message must not hold a DOCTYPE")
    if encoding is None and not is_readable(document.encoding):
        raise Fault("invalid_soap", f"SOAP messages are not read in charset {document.encoding[:100]!r}; send UTF-8")
    if root.tag != names.ENVELOPE:
        raise Fault("invalid_soap", "Malformed SOAP message: envelope missing")
    return _sections(root)


def _sections(root: Element) -> Sections:
    sections = Sections(headers=[], children=[])
    for index, section in enumerate(root):
        if section.tag == names.BODY:
            sections.bodies += 1
            sections.children.extend(section)
        elif section.tag == names.HEADER and not sections.bodies:
            sections.headers.append((index, section))
    return sections


def require_envelope_size(size: int) -> None:
    """Refuse an envelope that is too large to be held, as soon as that is known; raises Fault ``invalid_soap``."""
    if size > ENVELOPE_BYTES_MAX:
        limit = ENVELOPE_BYTES_MAX // 1_000_000
        raise Fault("invalid_soap", f"SOAP envelope is larger than {limit} MB; send large data as attachments")


def _require_little_markup(envelope: bytes) -> None:
    if envelope.count(b"<") + envelope.count(b"=") > MARKUP_MAX:
        text = f"SOAP envelope has more than {MARKUP_MAX} tags and attributes; send large data as attachments"
        raise Fault("invalid_soap", text)


@lru_cache(maxsize=64)
def _parser(encoding: str | None) -> etree.XMLParser:
    """One for each charset. Comments and processing instructions are left out, so that texts are whole."""
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
