"""One walk over an envelope: its header blocks, the names in its body, its fault, and where they stand.

Expat walks it without building a tree, refuses a document type at its first byte, and knows the byte offsets that a
request hash is later inserted at. Nothing is judged here but what makes reading unsafe.
Source: SOAP 1.1 s.4; XML 1.0; message-path dossier s.2.7.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers.expat import ExpatError, ParserCreate

import msgspec

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.soap import names
from lienthong.exchange.message.soap.charsets import expat_encoding

ENVELOPE_BYTES_MAX = 10 * 1024 * 1024
"""Longest envelope read, and the longest message that X-Road servers log; what is larger travels as an attachment."""
DEPTH_MAX = 256
"""Deepest element read, as far as other parsers go by default."""

FAULT_DETAIL = "faultDetail"
"""The element in a fault's detail that holds the id under which a security server logged it."""

_Handlers = tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]


class HeaderField(msgspec.Struct, kw_only=True, gc=False):
    """A header block that the exchange reads."""

    name: str
    attributes: dict[str, str]
    start: int
    """Byte offset of its start tag in the envelope."""
    end: int = 0
    """Byte offset of its end tag, or of what follows an element written empty."""
    text: str = ""
    """Its character data, comments left out and references resolved."""
    parts: list[tuple[str, str]] = []
    """Child elements: name and text."""
    is_mixed: bool = False
    """Whether a child element holds elements."""


class Outline(msgspec.Struct, kw_only=True):
    """What an envelope holds."""

    headers: int = 0
    """How many Header elements there are before the Body."""
    bodies: int = 0
    fields: list[HeaderField] = []
    children: list[str] = []
    """Names of the Body's child elements."""
    fault: dict[str, str] | None = None
    """Texts of a SOAP fault in the Body, by the local names of its children and ``faultDetail``."""


def outline_of(envelope: bytes, *, content_type: str) -> Outline:
    """Walk an envelope.

    Raises:
        Fault: ``invalid_content_type``, ``invalid_soap`` (too large or deep, not well-formed, with a document type, or
            no SOAP 1.1 envelope).
    """
    encoding = expat_encoding(envelope, content_type)
    if len(envelope) > ENVELOPE_BYTES_MAX:
        limit = ENVELOPE_BYTES_MAX >> 20
        raise Fault("invalid_soap", f"SOAP envelope is larger than {limit} MiB; send large data as attachments")
    walk = _Walk(encoding)
    try:
        walk.parser.Parse(envelope, True)
    except (ExpatError, ValueError, LookupError) as exc:
        raise Fault("invalid_soap", f"SOAP message is not well-formed XML: {exc}") from exc
    finally:
        del walk.parser
    return walk.outline


def _refuse_document_type(*_: object) -> None:
    raise Fault("invalid_soap", "A SOAP message must not hold a DOCTYPE")


class _Walk:
    """Handlers for each place in an envelope; entering and leaving an element changes them."""

    def __init__(self, encoding: str | None) -> None:
        self.parser = ParserCreate(encoding, "}")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _refuse_document_type
        self.outline = Outline(fields=[], children=[])
        self._texts: list[str] = []
        self._depth = 0
        self._skipped_depth = 0
        self._back: _Handlers = (self._open_envelope, self._close_nothing)
        self._handle(self._back)

    def _handle(self, handlers: _Handlers) -> None:
        self.parser.StartElementHandler, self.parser.EndElementHandler = handlers

    def _skip(self, depth: int, back: _Handlers) -> None:
        """Look at nothing in the element just opened but how deep it goes."""
        self._depth = self._skipped_depth = depth
        self._back = back
        self._handle((self._open_skipped, self._close_skipped))

    def _open_skipped(self, _name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise Fault("invalid_soap", f"SOAP message has elements more than {DEPTH_MAX} deep")

    def _close_skipped(self, _name: str) -> None:
        if self._depth == self._skipped_depth:
            self._handle(self._back)
        self._depth -= 1

    def _close_nothing(self, _name: str) -> None:
        """The end of the envelope, which leaves nothing to do."""

    def _open_envelope(self, name: str, _attributes: dict[str, str]) -> None:
        if name != names.ENVELOPE:
            raise Fault("invalid_soap", "Malformed SOAP message: envelope missing")
        self._handle((self._open_section, self._close_nothing))

    def _open_section(self, name: str, _attributes: dict[str, str]) -> None:
        if name == names.HEADER and not self.outline.bodies:
            self.outline.headers += 1
            self.parser.CharacterDataHandler = self._texts.append
            self._handle((self._open_field, self._close_section))
        elif name == names.BODY:
            self.outline.bodies += 1
            self._handle((self._open_child, self._close_section))
        else:
            self._skip(2, (self._open_section, self._close_nothing))

    def _close_section(self, _name: str) -> None:
        self.parser.CharacterDataHandler = None
        self._handle((self._open_section, self._close_nothing))

    def _open_field(self, name: str, attributes: dict[str, str]) -> None:
        if name not in names.READ:
            self._skip(3, (self._open_field, self._close_section))
            return
        start = self.parser.CurrentByteIndex
        self._texts.clear()
        self.outline.fields.append(HeaderField(name=name, attributes=attributes, start=start, parts=[]))
        self._handle((self._open_part, self._close_field))

    def _close_field(self, _name: str) -> None:
        field = self.outline.fields[-1]
        field.text = "".join(self._texts)
        field.end = self.parser.CurrentByteIndex
        self._handle((self._open_field, self._close_section))

    def _open_part(self, _name: str, _attributes: dict[str, str]) -> None:
        self._texts.clear()
        self._handle((self._open_nested, self._close_part))

    def _open_nested(self, _name: str, _attributes: dict[str, str]) -> None:
        self.outline.fields[-1].is_mixed = True
        self._skip(5, (self._open_nested, self._close_part))

    def _close_part(self, name: str) -> None:
        self.outline.fields[-1].parts.append((name, "".join(self._texts)))
        self._handle((self._open_part, self._close_field))

    def _open_child(self, name: str, _attributes: dict[str, str]) -> None:
        self.outline.children.append(name)
        if name != names.FAULT:
            self._skip(3, (self._open_child, self._close_section))
            return
        self.outline.fault = {}
        self._texts.clear()
        self.parser.CharacterDataHandler = self._texts.append
        self._handle((self._open_fault_part, self._close_fault))

    def _close_fault(self, _name: str) -> None:
        self._handle((self._open_child, self._close_section))

    def _open_fault_part(self, _name: str, _attributes: dict[str, str]) -> None:
        self._texts.clear()
        self._depth = 4
        self._handle((self._open_in_fault, self._close_in_fault))

    def _open_in_fault(self, name: str, attributes: dict[str, str]) -> None:
        self._open_skipped(name, attributes)
        if self._depth == 5 and names.local(name) == FAULT_DETAIL:
            self._texts.clear()

    def _close_in_fault(self, name: str) -> None:
        word = names.local(name)
        fault = self.outline.fault
        if fault is not None and (self._depth == 4 or (self._depth == 5 and word == FAULT_DETAIL)):
            fault.setdefault(word, "".join(self._texts).strip())
        if self._depth == 4:
            self._handle((self._open_fault_part, self._close_fault))
        self._depth -= 1
