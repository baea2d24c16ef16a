"""Bodies that come in chunks, as security servers send SOAP: they have no length, and Django reads nothing of them.

Source: RFC 9112 s.7.1; message-path dossier s.2.8.
"""

from __future__ import annotations

from typing import BinaryIO

from django.conf import settings
from django.http import HttpRequest

from lienthong.systems.foundation.operations.problems import Refused, field_problem


def whole_body(request: HttpRequest) -> bytes:
    """The body, however it was sent; raises Refused for one larger than Django's own limit."""
    if "chunked" not in request.headers.get("Transfer-Encoding", "").lower():
        return request.body
    stream: BinaryIO = request.META["wsgi.input"]
    body, limit = bytearray(), settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    while piece := stream.read(65536):
        body += piece
        if len(body) > limit:
            raise Refused(field_problem("string_too_long", ""))
    return bytes(body)
