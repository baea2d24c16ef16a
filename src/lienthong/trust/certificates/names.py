"""Distinguished names: built, shown as RFC 2253 text, and compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from asn1crypto import core, x509

from lienthong.trust.errors import MalformedEvidenceError

CanonicalName = tuple[tuple[tuple[str, str], ...], ...]
"""A name reduced to what RFC 5280 s.7.1 compares: two encodings of one name give one value."""

_KEYWORDS = {
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
}
_IA5 = {"1.2.840.113549.1.9.1": x509.EmailAddress, "0.9.2342.19200300.100.1.25": x509.DNSName}
_PRINTABLE_OIDS = {"2.5.4.5", "2.5.4.6", "2.5.4.46"}
_PRINTABLE = re.compile(r"[A-Za-z0-9 '()+,\-./:=?]*\Z")
_ESCAPED = re.compile(r'([,+"\\<>;])')


def build_name(attributes: Sequence[tuple[str, str]]) -> bytes:
    """Encode attributes (dotted OID, text) in their order, one per RDN; UTF8String except where X.520 says otherwise.

    Raises:
        MalformedEvidenceError: an OID is no OID, or a text is empty.
    Source: RFC 5280 s.4.1.2.4; X.520.
    """
    if not all(text.strip() for _, text in attributes):
        raise MalformedEvidenceError("a name attribute is empty")
    try:
        rdns = [x509.RelativeDistinguishedName([_attribute(oid, text)]) for oid, text in attributes]
        encoded: bytes = x509.Name("", x509.RDNSequence(rdns)).dump()
    except (ValueError, TypeError) as exc:
        raise MalformedEvidenceError("name attributes cannot be encoded") from exc
    return encoded


def attributes_of(name: x509.Name) -> Iterator[Iterator[tuple[str, str, bytes]]]:
    """Walk a name: per RDN its attributes as (dotted OID, text, DER of the value)."""
    for rdn in name.chosen:
        yield ((item["type"].dotted, _text(item["value"]), item["value"].dump()) for item in rdn)


def canonical(name: x509.Name) -> CanonicalName:
    """Reduce a name to what is compared: case, white space and string type do not count."""
    return tuple(tuple(sorted((oid, _folded(text)) for oid, text, _ in rdn)) for rdn in attributes_of(name))


def rfc2253(name: x509.Name) -> str:
    """Write a name the way XML signatures carry it: last RDN first, other attributes as OID=#hex.

    Source: RFC 2253 s.2; XMLDSIG s.4.4.4.
    """
    rdns = ["+".join(_shown(oid, text, der) for oid, text, der in rdn) for rdn in attributes_of(name)]
    return ",".join(reversed(rdns))


def _attribute(oid: str, text: str) -> x509.NameTypeAndValue:
    if oid in _IA5:
        return x509.NameTypeAndValue({"type": oid, "value": _IA5[oid](text)})
    printable = oid in _PRINTABLE_OIDS and _PRINTABLE.match(text)
    kind = "printable_string" if printable else "utf8_string"
    string = core.PrintableString(text) if printable else core.UTF8String(text)
    known = isinstance(x509.NameTypeAndValue({"type": oid}).spec("value"), type)
    return x509.NameTypeAndValue({"type": oid, "value": x509.DirectoryString(kind, string) if known else string})


def _text(value: core.Asn1Value) -> str:
    native = value.native
    return native if isinstance(native, str) else value.dump().hex()


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _shown(oid: str, text: str, der: bytes) -> str:
    if oid not in _KEYWORDS:
        return f"{oid}=#{der.hex()}"
    escaped = _ESCAPED.sub(r"\\\1", text)
    if escaped[:1] in {"#", " "}:
        escaped = "\\" + escaped
    if escaped.endswith(" ") and len(text) > 1:
        escaped = escaped[:-1] + "\\ "
    return f"{_KEYWORDS[oid]}={escaped}"
