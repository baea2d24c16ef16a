"""Which names and addresses are sound, for every kind of description. Source: message-path dossier s.1.5, s.2.8."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_ODD = re.compile("[\u0000-\u001f\u007f-\u009f%:;/\\\\\u200b\ufeff]")
"""Characters that identifiers should not have: servers warn of them, and some cut an identifier there."""


def odd_characters(text: str) -> str:
    """The characters of an identifier that it should not have, told so that they can be seen."""
    return " ".join(each if each.isprintable() else f"U+{ord(each):04X}" for each in sorted(set(_ODD.findall(text))))


def is_http_address(address: str) -> bool:
    """Whether an address is ``http`` or ``https`` and names a host."""
    try:
        url = urlsplit(address)
        return url.scheme in {"http", "https"} and bool(url.hostname) and (url.port is None or url.port > 0)
    except ValueError:
        return False
