"""XML in and out of this room: no DOCTYPE, no entities, UTF-8 only, bounded."""

from __future__ import annotations

from lxml import etree

from lienthong.exchange.globalconf.faults import Code, refuse

XROAD = "http://x-road.eu/xsd/xroad.xsd"
IDENTIFIERS = "http://x-road.eu/xsd/identifiers"
SHARED_SIZE_MAX = 64 * 1024 * 1024
"""Bytes of shared parameters: a hundred times the largest published one."""
SMALL_SIZE_MAX = 4 * 1024 * 1024
"""Bytes of everything else."""

_NAMES = {"ns2": IDENTIFIERS, "ns3": XROAD}


def parse_document(data: bytes, *, code: Code, size_max: int = SMALL_SIZE_MAX) -> etree._Element:
    """Parse XML, or raise a fault with *code*; a document type declaration is refused before anything is parsed."""
    if len(data) > size_max:
        raise refuse(code, f"document of {len(data)} bytes is larger than {size_max}")
    if b"\0" in data or b"<!DOCTYPE" in data:
        raise refuse(code, "document is not UTF-8, or has a document type declaration")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise refuse(code, f"document is not well-formed XML: {exc}") from exc
    if root.getroottree().docinfo.internalDTD is not None:
        raise refuse(code, "document has a document type declaration")
    return root


def root_element(name: str) -> etree._Element:
    """An empty root in the X-Road namespace, with the prefixes that genuine servers print."""
    return etree.Element(f"{{{XROAD}}}{name}", nsmap=_NAMES)


def write_document(root: etree._Element) -> bytes:
    """Serialise with the XML declaration that genuine servers print."""
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
