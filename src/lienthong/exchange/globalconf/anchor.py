"""Configuration anchors: read, written, named and fingerprinted. Source: governance dossier s.1.2."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from lienthong.exchange.globalconf.codec import checked
from lienthong.exchange.globalconf.codec_v2 import ANCHOR
from lienthong.exchange.globalconf.faults import Code, refuse
from lienthong.exchange.globalconf.model import ConfigurationAnchor
from lienthong.exchange.globalconf.private_xml import anchor_node
from lienthong.exchange.globalconf.private_xml import read_anchor as _read_element
from lienthong.exchange.globalconf.tree import write_tree
from lienthong.trust.algorithms import DigestAlgorithm


def read_anchor(data: bytes) -> ConfigurationAnchor:
    """Read an anchor file; raises Fault ``malformed_anchor``."""
    anchor = _read_element(checked(data, ANCHOR, Code.MALFORMED_ANCHOR, name="configurationAnchor"))
    if not anchor.instance.strip():
        raise refuse(Code.MALFORMED_ANCHOR, "the anchor names no instance")
    return anchor


def write_anchor(anchor: ConfigurationAnchor) -> bytes:
    """Write an anchor file."""
    return write_tree(anchor_node(anchor), ANCHOR)


def anchor_fingerprint(data: bytes) -> str:
    """What people compare: SHA-224 of the file, upper-case hex, colon separated."""
    return DigestAlgorithm.SHA224.digest(data).value.hex(":").upper()


def anchor_file_name(instance: str, kind: str, at: datetime) -> str:
    """Name under which an anchor is offered; *kind* is ``internal`` or ``external``."""
    return f"configuration_anchor_{instance}_{kind}_UTC_{at.astimezone(UTC):%Y-%m-%d_%H_%M_%S}.xml"


def directory_name(anchor: ConfigurationAnchor) -> str:
    """Last path segment of the first plain URL, else of the first URL: ``internalconf`` or ``externalconf``.

    Raises:
        Fault: ``malformed_anchor``, no URL has a path.
    """
    urls = [source.download_url for source in anchor.sources if is_url(source.download_url)]
    plain = next((url for url in urls if url.startswith("http://")), urls[0] if urls else "")
    name = urlsplit(plain).path.rstrip("/").rpartition("/")[2]
    if not name:
        raise refuse(Code.MALFORMED_ANCHOR, f"download URL {plain!r} names no directory")
    return name


def is_url(text: str) -> bool:
    """Whether a text can be taken apart as a URL; what cannot is never dialled. Source: RFC 3986 s.3.2.2."""
    try:
        return urlsplit(text).port != 0
    except ValueError:
        return False
