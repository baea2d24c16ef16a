"""The SOAPAction header of HTTP.

Source: SOAP 1.1 s.6.1.1; message-path dossier s.2.7.
"""

from __future__ import annotations

import re

from lienthong.exchange.errors import Fault

_ACTION = re.compile(rb'(?:"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&\'()*+,;=\x80-\xff]|%[0-9A-Fa-f]{2})*")?')
"""Nothing, or a quoted URI reference, an empty one included."""


def require_soap_action(value: bytes | None) -> None:
    """Refuse a value that is neither absent, empty, nor a quoted URI.

    Raises:
        Fault: ``invalid_soap_action``.
    """
    if value is not None and not _ACTION.fullmatch(value.strip(b" \t")):
        shown = ascii(value[:100].decode("utf-8", "replace"))
        raise Fault("invalid_soap_action", f"SOAPAction must be empty or a quoted URI, not {shown}")
