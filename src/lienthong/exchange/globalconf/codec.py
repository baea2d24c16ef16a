"""One wire version: its tables, and the model read from and written to them."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from lienthong.exchange.globalconf.document import SHARED_SIZE_MAX, SMALL_SIZE_MAX, XROAD, parse_document
from lienthong.exchange.globalconf.faults import Code, refuse
from lienthong.exchange.globalconf.model import PrivateParameters, SharedParameters
from lienthong.exchange.globalconf.private_xml import private_node, read_private
from lienthong.exchange.globalconf.shared_reading import read_shared
from lienthong.exchange.globalconf.shared_writing import shared_node
from lienthong.exchange.globalconf.structure import Sequence, problems_of
from lienthong.exchange.globalconf.tree import write_tree
from lienthong.exchange.identifiers import IdentifierError

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """Reads and writes one wire version; what its tables do not know is left out when writing."""

    version: int
    """2–6."""
    shared: Sequence
    """Table of shared-params.xml."""
    private: Sequence
    """Table of private-params.xml."""

    def read_shared(self, data: bytes) -> SharedParameters:
        """Read shared-params.xml; raises Fault ``malformed_global_conf`` naming up to five places."""
        root = checked(data, self.shared, Code.MALFORMED, size_max=SHARED_SIZE_MAX)
        try:
            return read_shared(root, self.version)
        except IdentifierError as exc:
            raise refuse(Code.MALFORMED, f"shared parameters hold an identifier that is none: {exc}") from exc

    def read_private(self, data: bytes) -> PrivateParameters:
        """Read private-params.xml; raises Fault ``malformed_global_conf`` naming up to five places."""
        root = checked(data, self.private, Code.MALFORMED)
        try:
            return read_private(root)
        except IdentifierError as exc:
            raise refuse(Code.MALFORMED, f"private parameters hold an identifier that is none: {exc}") from exc

    def write_shared(self, parameters: SharedParameters) -> bytes:
        """Write shared-params.xml; raises ConfigurationError where a client or owner is nobody's."""
        return write_tree(shared_node(parameters, self.version), self.shared)

    def write_private(self, parameters: PrivateParameters) -> bytes:
        """Write private-params.xml."""
        return write_tree(private_node(parameters), self.private)


def checked(
    data: bytes, table: Sequence, code: Code, *, name: str = "conf", size_max: int = SMALL_SIZE_MAX
) -> etree._Element:
    """Parse and hold against a table; raises Fault with *code*."""
    root = parse_document(data, code=code, size_max=size_max)
    problems = problems_of(root, f"{{{XROAD}}}{name}", table)
    if problems:
        raise refuse(code, "; ".join(problems[:_SHOWN]))
    return root
