"""A tree to be written: the whole model, of which a version's table keeps what it knows."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from lienthong.exchange.globalconf.document import IDENTIFIERS, root_element, write_document
from lienthong.exchange.globalconf.structure import Sequence
from lienthong.exchange.identifiers import ClientId

Content = str | tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Node:
    """An element with text or elements."""

    name: str
    content: Content
    attributes: Mapping[str, str] = field(default_factory=dict)


def node(name: str, *children: Node | Iterable[Node] | None, **attributes: str) -> Node:
    """An element with children; None is left out, an iterable is spread."""
    flat: list[Node] = []
    for child in children:
        if isinstance(child, Node):
            flat.append(child)
        elif child is not None:
            flat.extend(child)
    return Node(name, tuple(flat), attributes)


def text(name: str, value: str | int | bool) -> Node:
    """An element with text."""
    return Node(name, str(value).lower() if isinstance(value, bool) else str(value))


def optional_text(name: str, value: str | None) -> Node | None:
    """An element with text, unless there is none."""
    return None if value is None else text(name, value)


def binary(name: str, value: bytes) -> Node:
    """An element with base64."""
    return text(name, base64.b64encode(value).decode("ascii"))


def client_node(name: str, client: ClientId) -> Node:
    """An element of the client identifier type."""
    fields = zip(("xRoadInstance", "memberClass", "memberCode", "subsystemCode"), client.parts, strict=False)
    children = tuple(text(f"{{{IDENTIFIERS}}}{field_name}", value) for field_name, value in fields)
    return Node(name, children, {f"{{{IDENTIFIERS}}}objectType": client.object_type})


def write_tree(root: Node, table: Sequence) -> bytes:
    """Serialise what *table* knows of the tree, in its order; the rest is silently of another version."""
    element = root_element(root.name)
    _fill(element, root, table)
    return write_document(element)


def _fill(element: etree._Element, source: Node, table: Sequence) -> None:
    assert not isinstance(source.content, str)
    for row in table.children:
        for child in (each for each in source.content if each.name == row.name):
            made = etree.SubElement(element, child.name, dict(child.attributes))
            if isinstance(row.type, Sequence):
                _fill(made, child, row.type)
            else:
                made.text = str(child.content)
