"""Refused messages as they may be shown: names of organisations and services, never what could be a person's.

A malformed call may carry anything where a name belongs (a citizen's number in place of the service), so only names of
a plain form are shown, and the free text of a fault is not: cause and cure come from a table.
"""

from __future__ import annotations

import re

from lienthong.exchange.identifiers import ClientId, IdentifierError, ServiceId, decode_client, decode_service
from lienthong.exchange.security.channel import Failure

_PLAIN_SERVICE = re.compile(r"[A-Za-z](?:[A-Za-z._-]|\d(?!\d{3})){0,63}")
"""Begins with a letter, and no four digits in a row."""
_PLAIN_PART = re.compile(r"[A-Za-z0-9._-]{1,64}")
HIDDEN = "…"


def shown_client(failure: Failure) -> str:
    """Who called, where that is the name of an organisation; ``…`` otherwise."""
    try:
        return _client(decode_client(failure.client))
    except IdentifierError:
        return HIDDEN


def shown_service(failure: Failure) -> str:
    """What was called, where that is the name of a service; ``…`` in place of what may be something else."""
    try:
        service: ServiceId = decode_service(failure.service)
    except IdentifierError:
        return HIDDEN
    code = service.service_code if _PLAIN_SERVICE.fullmatch(service.service_code) else HIDDEN
    return f"{_client(service.client)}/{code}"


def _client(client: ClientId) -> str:
    """An organisation's code may hold digits and dots; a subsystem has a plain name like a service's."""
    subsystem = client.subsystem_code
    if not all(_PLAIN_PART.fullmatch(part) for part in client.member.parts) or _is_personal(client.member_code):
        return HIDDEN
    if subsystem is None:
        return "/".join(client.parts)
    return "/".join((*client.member.parts, subsystem if _PLAIN_SERVICE.fullmatch(subsystem) else HIDDEN))


def _is_personal(code: str) -> bool:
    """Nine or twelve digits: the form of an identity number (Luật Căn cước 26/2023/QH15, Điều 12)."""
    return re.fullmatch(r"\d{9}|\d{12}", code) is not None
