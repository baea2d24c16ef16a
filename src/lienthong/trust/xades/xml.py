"""The one way this layer reads XML it does not trust, and the canonical forms it hashes.

No document type, no entity, no network, no huge tree; character references such as ``&#13;`` survive.
Source: Canonical XML 1.0; Exclusive XML Canonicalization 1.0.
"""

from __future__ import annotations

from lxml import etree

from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.xades import names

Element = etree._Element
"""An element of a document that :func:`read_xml` accepted."""

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_SIZE_MAX = 4 * 1024 * 1024
_WITH_COMMENTS = "#WithComments"
_FORMS = {
    names.C14N: (False, False),
    f"{names.C14N}{_WITH_COMMENTS}": (False, True),
    names.EXCLUSIVE_C14N: (True, False),
    f"{names.EXCLUSIVE_C14N}WithComments": (True, True),
}
"""Algorithm URI → (exclusive, with comments)."""


def read_xml(data: bytes) -> Element:
    """Parse a small untrusted document and return its root.

    Raises:
        MalformedEvidenceError: not well-formed, larger than 4 MiB, or carrying a document type.
    """
    if len(data) > _SIZE_MAX:
        raise MalformedEvidenceError("XML is larger than 4 MiB")
    try:
        root = etree.fromstring(data, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise MalformedEvidenceError("XML is not well-formed") from exc
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise MalformedEvidenceError("XML is empty or carries a document type")
    return root


def canonicalize(element: Element, algorithm: str = names.C14N, *, prefixes: tuple[str, ...] = ()) -> bytes:
    """Return the canonical form of *element* where it stands, namespaces of its ancestors included as the form says.

    Args:
        algorithm: URI of Canonical XML 1.0 or Exclusive C14N 1.0, with or without comments.
        prefixes: InclusiveNamespaces PrefixList, exclusive form only.
    Raises:
        UnsupportedAlgorithmError: any other algorithm.
        MalformedEvidenceError: a namespace name is relative. Source: Canonical XML 1.0 s.1.3.
    """
    if algorithm not in _FORMS:
        raise UnsupportedAlgorithmError(f"unknown canonicalization {algorithm!r}")
    exclusive, with_comments = _FORMS[algorithm]
    chosen = list(prefixes) if exclusive and prefixes else None
    try:
        form: bytes = etree.tostring(
            element, method="c14n", exclusive=exclusive, with_comments=with_comments, inclusive_ns_prefixes=chosen
        )
    except etree.C14NError as exc:
        raise MalformedEvidenceError("XML has no canonical form: a namespace is a relative URI") from exc
    return form
