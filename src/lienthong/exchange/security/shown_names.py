"""What of a refused message may be logged, counted and shown: organisations, services, known fault codes.

A malformed call may carry anything where a name belongs (a citizen's number in place of the service), and a peer may
put anything into a fault code, so only plain names and words of the catalogue pass. It is asked where a failure is
noted, in the worker, so that nothing else ever leaves it.
"""

from __future__ import annotations

import re

from lienthong.exchange.identifiers import ClientId, IdentifierError, ServiceId, decode_client, decode_service
from lienthong.exchange.message.fault_codes import CATALOGUE, from_any_spelling

_PLAIN_SERVICE = re.compile(r"[A-Za-z](?:[A-Za-z._-]|\d(?!\d{3})){0,63}")
"""Begins with a letter, and no four digits in a row."""
_PLAIN_PART = re.compile(r"[A-Za-z0-9._-]{1,64}")
HIDDEN = "…"
OTHER_CODE = "other"
"""Stands for every fault code that is not of the protocol."""


def shown_client(client: str | ClientId) -> str:
    """Who called, where that is the name of an organisation; ``…`` otherwise. Text is as REST headers carry it."""
    try:
        return _client(decode_client(client) if isinstance(client, str) else client)
    except IdentifierError:
        return HIDDEN


def shown_service(service: str | ServiceId) -> str:
    """What was called, where that is the name of a service; ``…`` in place of what may be something else."""
    try:
        named = decode_service(service) if isinstance(service, str) else service
    except IdentifierError:
        return HIDDEN
    words = filter(None, (named.service_code, named.service_version))
    shown = [word if _PLAIN_SERVICE.fullmatch(word) else HIDDEN for word in words]
    return "/".join((_client(named.client), *shown))


def shown_code(code: str) -> str:
    """A fault code all of whose words the protocol knows, in 7.8 spelling; ``other`` in place of anything else."""
    known = from_any_spelling(code)
    return known if all(word in CATALOGUE for word in known.split(".")) else OTHER_CODE


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
