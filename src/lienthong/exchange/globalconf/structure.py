"""Content models as tables: one engine says what is wrong with a document, and what of a tree a version can carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from lienthong.exchange.globalconf.lexical import ID, IDREF, SimpleType

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_XSI_HINTS = {f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation"}
_NONE: Mapping[str, Attribute] = {}


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of an element."""

    type: SimpleType
    required: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """An element in a sequence."""

    name: str
    """Clark notation."""
    type: SimpleType | Sequence
    least: int = 1
    most: int | None = 1
    """None: any number."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """An element that holds elements in one order, each name once in the table."""

    children: tuple[Child, ...]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    tolerant: bool = False
    """Whether any elements may follow: the forward compatibility of version 3."""

    def child(self, name: str) -> Child | None:
        """The table row of that element, if it has one."""
        return next((child for child in self.children if child.name == name), None)

    def after(self, name: str, *added: Child) -> Sequence:
        """The same table with rows added behind one; ``""`` puts them first."""
        at = 0 if not name else [child.name for child in self.children].index(name) + 1
        return replace(self, children=(*self.children[:at], *added, *self.children[at:]))

    def replacing(self, **types: SimpleType | Sequence) -> Sequence:
        """The same table with other types behind some names."""
        rows = tuple(replace(row, type=types[row.name]) if row.name in types else row for row in self.children)
        return replace(self, children=rows)


def optional(name: str, type_: SimpleType | Sequence) -> Child:
    """A row that may be left out."""
    return Child(name, type_, least=0)


def several(name: str, type_: SimpleType | Sequence, *, least: int = 0) -> Child:
    """A row that may repeat."""
    return Child(name, type_, least=least, most=None)


def problems_of(root: etree._Element, name: str, type_: Sequence) -> list[str]:
    """Everything in which the document differs from the table, with its line; empty when nothing does."""
    if root.tag != name:
        return [f"line {root.sourceline}: root is {root.tag}, not {name}"]
    return [*_element_problems(root, type_), *_reference_problems(root, name, type_)]


def _element_problems(element: etree._Element, type_: SimpleType | Sequence) -> Iterator[str]:
    where = f"line {element.sourceline}: {etree.QName(element).localname}"
    attributes = type_.attributes if isinstance(type_, Sequence) else _NONE
    yield from _attribute_problems(element, attributes, where)
    if isinstance(type_, Sequence):
        yield from _sequence_problems(element, type_, where)
    elif len(element):
        yield f"{where} holds elements"
    elif not type_.contains(element.text or ""):
        yield f"{where} is not {type_.name}"


def _attribute_problems(element: etree._Element, table: Mapping[str, Attribute], where: str) -> Iterator[str]:
    for key, value in element.attrib.items():
        name = str(key)
        if name in table:
            if not table[name].type.contains(str(value)):
                yield f"{where}: attribute {name} is not {table[name].type.name}"
        elif name not in _XSI_HINTS:
            yield f"{where}: unknown attribute {name}"
    yield from (f"{where}: no {n}" for n, rule in table.items() if rule.required and n not in element.attrib)


def _sequence_problems(element: etree._Element, type_: Sequence, where: str) -> Iterator[str]:
    if any((text or "").strip() for text in (element.text, *(child.tail for child in element))):
        yield f"{where} holds text between elements"
    rows, row, count = type_.children, 0, 0
    for child in element:
        at = next((i for i in range(row, len(rows)) if rows[i].name == child.tag), None)
        if at is None:
            if type_.tolerant and all(r.least <= (count if i == row else 0) for i, r in enumerate(rows) if i >= row):
                return
            yield f"line {child.sourceline}: {child.tag} is not expected in {etree.QName(element).localname}"
            return
        yield from _missing(rows, row, at, count, where)
        count, row = (count + 1 if at == row else 1), at
        if count > (rows[at].most or count):
            if type_.tolerant and row == len(rows) - 1:
                return
            yield f"line {child.sourceline}: {child.tag} is repeated"
        yield from _element_problems(child, rows[at].type)
    yield from _missing(rows, row, len(rows), count, where)


def _missing(rows: tuple[Child, ...], row: int, until: int, count: int, where: str) -> Iterator[str]:
    for index in range(row, until):
        have = count if index == row else 0
        if have < rows[index].least:
            yield f"{where}: no {rows[index].name}"


def _reference_problems(root: etree._Element, name: str, type_: Sequence) -> Iterator[str]:
    identities: set[str] = set()
    references: list[tuple[str, int]] = []
    for element, rule in _typed(root, Child(name, type_)):
        for value in _identities(element, rule):
            if value in identities:
                yield f"line {element.sourceline}: id {value!r} is given twice"
            identities.add(value)
        if rule.type is IDREF:
            references.append(((element.text or "").strip(), _line(element)))
    yield from (f"line {line}: no element has id {ref!r}" for ref, line in references if ref not in identities)


def _identities(element: etree._Element, rule: Child) -> Iterator[str]:
    if isinstance(rule.type, Sequence):
        found = [element.get(name) for name, kind in rule.type.attributes.items() if kind.type is ID]
        yield from (value.strip() for value in found if value is not None)


def _line(element: etree._Element) -> int:
    return element.sourceline  # type: ignore[return-value]  # the stubs leave it open


def _typed(element: etree._Element, rule: Child) -> Iterator[tuple[etree._Element, Child]]:
    yield element, rule
    if isinstance(rule.type, Sequence):
        for child in element:
            row = rule.type.child(str(child.tag))
            if row is not None:
                yield from _typed(child, row)
