"""XML that a provider wrote, opened safely: no document type, no entity, nothing fetched, depth and size bounded."""

from __future__ import annotations

from lxml import etree

from lienthong.exchange.errors import ExchangeError

BYTES_MAX = 10 * 1024 * 1024
"""Longest document read."""


class UnreadableXmlError(ExchangeError):
    """A document that is not opened; says why and where."""

    def __init__(self, reason: str, *, line: int, detail: str) -> None:
        super().__init__(f"line {line}: {detail}")
        self.reason = reason
        """``not_well_formed``, ``document_type`` or ``too_long``."""
        self.line = line
        """From 1."""
        self.detail = detail
        """The cause, in English."""


def open_xml(document: bytes, *, charset: str | None = None) -> etree._Element:
    """The root of a document; XInclude and imports in it are elements like any other, and are not followed.

    Args:
        charset: What the transport says it is written in; None leaves that to the document.
    Raises:
        UnreadableXmlError: it is not opened.
    """
    if len(document) > BYTES_MAX:
        raise UnreadableXmlError("too_long", line=1, detail=f"the document is longer than {BYTES_MAX} bytes")
    try:
        parser = etree.XMLParser(
            encoding=charset, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as exc:
        line = max(getattr(exc, "lineno", None) or 1, 1)
        raise UnreadableXmlError(_reason(document), line=line, detail=str(exc)) from exc
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableXmlError("document_type", line=_line_of_type(document), detail="a document type declaration")
    return root


def _reason(document: bytes) -> str:
    """A bomb of entities ends in a syntax error too; what is wrong with it is its document type."""
    return "document_type" if b"<!DOCTYPE" in document else "not_well_formed"


def _line_of_type(document: bytes) -> int:
    return document.count(b"\n", 0, max(document.find(b"<!DOCTYPE"), 0)) + 1
