"""The simple types of the schemas, as text that is or is not one of them. Source: W3C XML Schema 1.0 part 2."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import MalformedEvidenceError

_SPACE = " \t\r\n"
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DATE_TIME = re.compile(
    r"-?(?:[1-9][0-9]{4,}|[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"T(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
    r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
)
_NCNAME = re.compile(r"[^\W\d][\w.\-·]*")
_INT_MAX = 2**31


@dataclass(frozen=True, slots=True)
class SimpleType:
    """A named set of texts."""

    name: str
    contains: Callable[[str], bool]


def _is_int(text: str) -> bool:
    stripped = text.strip(_SPACE)
    return len(stripped) < 64 and bool(_INTEGER.fullmatch(stripped)) and -_INT_MAX <= int(stripped) < _INT_MAX


def one_of(name: str, *values: str) -> SimpleType:
    """An enumeration."""
    return SimpleType(name, frozenset(values).__contains__)


STRING = SimpleType("string", lambda _: True)
BOOLEAN = SimpleType("boolean", lambda text: text.strip(_SPACE) in {"true", "false", "0", "1"})
INTEGER = SimpleType("integer", lambda text: bool(_INTEGER.fullmatch(text.strip(_SPACE))))
INT = SimpleType("int", _is_int)
BASE64 = SimpleType("base64Binary", lambda text: bool(_BASE64.fullmatch("".join(text.split()))))
DATE_TIME = SimpleType("dateTime", lambda text: bool(_DATE_TIME.fullmatch(text.strip(_SPACE))))
ID = SimpleType("ID", lambda text: bool(_NCNAME.fullmatch(text.strip(_SPACE))))
IDREF = SimpleType("IDREF", ID.contains)


def read_boolean(text: str) -> bool:
    """Value of a BOOLEAN."""
    return text.strip(_SPACE) in {"true", "1"}


def read_certificate(text: str) -> bytes:
    """Bytes of a certificate element: base64 of DER, or base64 of a PEM text, both of which are in use."""
    data = base64.b64decode("".join(text.split()))
    if b"-----BEGIN" not in data:
        return data
    try:
        return Certificate.from_pem_or_der(data).der
    except MalformedEvidenceError:
        return data


def read_instant(text: str) -> datetime | None:
    """Value of a DATE_TIME with an offset; None where it has none, or cannot be held."""
    stripped = text.strip(_SPACE)
    try:
        instant = datetime.fromisoformat(stripped)
        if instant.tzinfo is not None:
            instant.astimezone(UTC)
            return instant
    except (ValueError, OverflowError):
        pass
    return None
