"""Whether a document has the structure its content model says, without a schema processor.

A content model is compiled into one regular expression over the names of the children.
Source: XML Schema Part 1 s.3.4.4 (only what content models of these two schemas use).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from lienthong.trust.errors import MalformedEvidenceError
from lienthong.trust.xades import names
from lienthong.trust.xades.content_model import DS_MODEL, XADES_MODEL
from lienthong.trust.xades.xml import Element

_TOKEN = re.compile(r"[A-Za-z:][\w:]*|[()|?*+]")
_INTEGER = re.compile(r"\s*[-+]?\d+\s*")
_DATETIME = re.compile(r"\s*-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)?\s*")
_SHAPES_MAX = 4096
_XML_NAMESPACE = "{http://www.w3.org/XML/1998/namespace}"
_XSI = f"{{{names.XSI}}}"


class StructureError(MalformedEvidenceError):
    """Well-formed XML that is not the structure it should be; the message names the element."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    children: re.Pattern[str] | None
    text: str
    """``none``, ``mixed``, or a kind of simple content."""
    attributes: frozenset[str] | None
    """None: any."""
    required: frozenset[str]


class ContentModel:
    """A compiled table of what elements may hold."""

    def __init__(self, tables: Mapping[str, Mapping[str, tuple[str, str]]]) -> None:
        """Compile *tables*: namespace → element → (content, attributes)."""
        prefixes = {"ds": names.DS}
        self._rules = {
            "/".join(f"{{{namespace}}}{step}" for step in name.split("/")): _compile(
                content, attributes, namespace, prefixes
            )
            for namespace, table in tables.items()
            for name, (content, attributes) in table.items()
        }

        self._accepted: dict[tuple[object, ...], str] = {}
        self._contextual = {"{" + key.rpartition("/{")[2] for key in self._rules if "/{" in key}

    def require(self, root: Element) -> None:
        """Raise StructureError at the first element that breaks its rule, root included."""
        if root.tag not in self._rules:
            raise StructureError(f"unexpected element {_shown(root)}")
        for element in root.iter(etree.Element):
            self._require_element(element)

    def _require_element(self, element: Element) -> None:
        """Genuine documents repeat a few shapes: a shape once accepted costs one look-up, its text is always read."""
        tag = element.tag
        parent = _parent_tag(element) if tag in self._contextual else ""
        shape = (parent, tag, *element.keys(), None, *[child.tag for child in element.iterchildren(etree.Element)])
        text_rule = self._accepted.get(shape)
        if text_rule is None:
            text_rule = self._judge_shape(element, parent)
            if len(self._accepted) < _SHAPES_MAX:
                self._accepted[shape] = text_rule
        _require_text(element, text_rule)

    def _judge_shape(self, element: Element, parent: str) -> str:
        rule = self._rules.get(f"{parent}/{element.tag}") or self._rules.get(element.tag)
        if rule is not None:
            _require_shape(element, rule)
            return rule.text
        if _namespace(element) in _STRICT:
            raise StructureError(f"unknown element {_shown(element)}")
        return "mixed"


def _compile(content: str, attributes: str, namespace: str, prefixes: Mapping[str, str]) -> _Rule:
    text, _, model = content.partition(" ") if content.startswith("#") else ("#none", "", content)
    names_ = [name.rstrip("!") for name in attributes.split()]
    pattern = _TOKEN.sub(lambda found: _piece(found[0], namespace, prefixes), model).replace(" ", "")
    return _Rule(
        children=re.compile(pattern),
        text=text[1:],
        attributes=None if attributes == "*" else frozenset(names_),
        required=frozenset(name.rstrip("!") for name in attributes.split() if name.endswith("!")),
    )


def _piece(piece: str, namespace: str, prefixes: Mapping[str, str]) -> str:
    if piece in "()|?*+":
        return "(?:" if piece == "(" else piece
    if piece == "any":
        return rf"(?:<(?!{re.escape('{' + namespace + '}')})[^<>]*>)"
    if piece == "every":
        return r"(?:<[^<>]*>)"
    prefix, colon, local = piece.partition(":")
    name = f"{{{prefixes[prefix]}}}{local}" if colon else f"{{{namespace}}}{piece}"
    return f"(?:<{re.escape(name)}>)"


def _require_shape(element: Element, rule: _Rule) -> None:
    children = "".join(f"<{child.tag}>" for child in element.iterchildren(etree.Element))
    if rule.children is not None and not rule.children.fullmatch(children):
        raise StructureError(f"{_shown(element)} does not hold what it must, in order")
    found = {str(name) for name in element.attrib if not str(name).startswith((_XML_NAMESPACE, _XSI))}
    if rule.attributes is not None and found - rule.attributes:
        raise StructureError(f"{_shown(element)} carries an unknown attribute")
    if rule.required - found:
        raise StructureError(f"{_shown(element)} lacks an attribute it needs")


def _require_text(element: Element, kind: str) -> None:
    if kind == "mixed":
        return
    text = element.text or ""
    if len(element):
        text += "".join([child.tail or "" for child in element])
    if not _TEXT_RULES[kind](text):
        raise StructureError(f"{_shown(element)} has text that is not {kind}")


def _is_base64(text: str) -> bool:
    try:
        binascii.a2b_base64("".join(text.split()).encode("ascii"), strict_mode=True)
    except ValueError:
        return False
    return True


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


def _parent_tag(element: Element) -> str:
    parent = element.getparent()
    return "" if parent is None else str(parent.tag)


def _namespace(element: Element) -> str:
    return etree.QName(element).namespace or ""


def _shown(element: Element) -> str:
    return etree.QName(element).localname


_TEXT_RULES: dict[str, Callable[[str], bool]] = {
    "none": lambda text: not text.strip(),
    "text": lambda text: True,
    "base64": _is_base64,
    "integer": _matches(_INTEGER),
    "datetime": _matches(_DATETIME),
}
_STRICT = frozenset({names.DS, names.XADES})
SIGNATURE_MODEL = ContentModel({names.DS: DS_MODEL, names.XADES: XADES_MODEL})
"""XMLDSIG and XAdES 1.3.2 with the V2 properties of EN 319 132-1."""
