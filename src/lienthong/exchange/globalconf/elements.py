"""Reading checked elements: texts, certificates, identifiers."""

from __future__ import annotations

from lxml import etree

from lienthong.exchange.globalconf.document import IDENTIFIERS
from lienthong.exchange.globalconf.lexical import read_certificate
from lienthong.exchange.identifiers import ClientId

_CLIENT_FIELDS = tuple(f"{{{IDENTIFIERS}}}{n}" for n in ("xRoadInstance", "memberClass", "memberCode", "subsystemCode"))


def text_of(element: etree._Element, name: str) -> str:
    """Text of a child that the table requires."""
    return element.findtext(name) or ""


def optional_text_of(element: etree._Element, name: str) -> str | None:
    """Text of a child, or None where there is no child."""
    return element.findtext(name)


def certificate_of(element: etree._Element, name: str) -> bytes | None:
    """Bytes of a certificate child, or None."""
    found = element.findtext(name)
    return read_certificate(found) if found else None


def certificates_of(element: etree._Element, name: str) -> tuple[bytes, ...]:
    """Bytes of every certificate child of that name."""
    return tuple(read_certificate(child.text or "") for child in element.findall(name))


def client_of(element: etree._Element) -> ClientId:
    """A client identifier; raises IdentifierError where a field is blank."""
    instance, member_class, member_code, subsystem = (element.findtext(name) for name in _CLIENT_FIELDS)
    return ClientId(instance or "", member_class or "", member_code or "", subsystem)
