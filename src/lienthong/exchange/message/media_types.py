"""Content types as headers carry them: the base type and its parameters.

Source: RFC 2045 s.5.1.
"""

from __future__ import annotations

from functools import lru_cache

SOAP_MEDIA_TYPES = frozenset({"text/xml", "application/xop+xml"})
"""What a SOAP envelope may say it is. Source: message-path dossier s.2.7."""
_BLANKS = " \t"
"""Nothing else surrounds a value: str.strip would also take U+00A0 and U+0085. Source: RFC 9110 s.5.6.3."""


@lru_cache(maxsize=256)
def media_type(content_type: str) -> str:
    """The base type of a Content-Type, lower case, without parameters."""
    return content_type.partition(";")[0].strip(_BLANKS).lower()


def parameter(content_type: str, name: str) -> str | None:
    """A parameter of a Content-Type, unquoted, or None. Source: RFC 2045 s.5.1."""
    for piece in _pieces(content_type)[1:]:
        key, equals, value = piece.partition("=")
        if equals and key.strip().lower() == name:
            return _unquoted(value.strip())
    return None


def _pieces(content_type: str) -> list[str]:
    if '"' not in content_type:
        return content_type.split(";")
    pieces, quoted = [""], False
    for index, character in enumerate(content_type):
        if character == '"' and content_type[index - 1 : index] != "\\":
            quoted = not quoted
        if character == ";" and not quoted:
            pieces.append("")
        else:
            pieces[-1] += character
    return pieces


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return value
