"""Turns a call of the old adapter façade into an ordinary X-Road REST call.

Local adapters in front of Vietnamese security servers take
``…/XrdAdapter/RestService/forward/<path>?dstcode=<client id>&providerurl=<address>``. Decided here:

* ``dstcode`` is ``INSTANCE:CLASS:CODE:SUBSYSTEM``, the provider;
* the client is ``X-Road-Client`` of the request, else the façade's default client;
* the service code is the one mapped to ``providerurl``, else the last path segment of ``providerurl``;
* the path after ``forward`` and every other query parameter are kept, byte for byte.

Source: domain dossier s.A8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote_plus, urlsplit

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import (
    ClientId,
    IdentifierError,
    ServiceId,
    decode_segment,
    encode_path,
    parse_client,
)
from lienthong.exchange.serverconf.settings import FacadeSettings

MARKER = "/XrdAdapter/RestService/forward"
_OWN_PARAMETERS = {"dstcode", "providerurl"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FacadeCall:
    """The REST call a façade request stands for."""

    target: str
    """Raw request target: ``/r1/…`` with path and query."""
    service: ServiceId
    headers: tuple[tuple[str, str], ...]
    """Headers to go on with; exactly one ``X-Road-Client`` among them."""


def is_facade_target(target: str) -> bool:
    """Whether a raw request target is one of the adapter façade."""
    path = target.partition("?")[0]
    return path.endswith(MARKER) or f"{MARKER}/" in path


def translate_facade(target: str, headers: Sequence[tuple[str, str]], *, facade: FacadeSettings) -> FacadeCall | Fault:
    """Translate a façade request, or say in clear text what it lacks.

    Args:
        target: Raw request target, path and query still encoded.
        headers: Request headers as received.
    Returns:
        The equivalent call, or ``invalid_request`` without prefix (the caller adds ``client``).
    """
    raw_path, _, query = target.partition("?")
    try:
        provider = _read_provider(_parameter(query, "dstcode"))
        code = _read_service_code(_parameter(query, "providerurl"), facade)
        service = ServiceId(provider, code)
        kept = _with_client(headers, facade.client)
    except IdentifierError as exc:
        return Fault("invalid_request", f"Adapter call cannot be forwarded: {exc}")
    path = raw_path.partition(MARKER)[2]
    rest = "&".join(piece for piece in query.split("&") if piece and _name(piece) not in _OWN_PARAMETERS)
    return FacadeCall(
        target=f"/r1/{encode_path(service)}{path}{'?' if rest else ''}{rest}", service=service, headers=kept
    )


def _name(piece: str) -> str:
    return unquote_plus(piece.partition("=")[0])


def _parameter(query: str, name: str) -> str:
    values = [unquote_plus(piece.partition("=")[2]) for piece in query.split("&") if _name(piece) == name]
    if len(values) != 1 or not values[0].strip():
        raise IdentifierError(f"the query must give '{name}' exactly once")
    return values[0].strip()


def _read_provider(dstcode: str) -> ClientId:
    if dstcode.count(":") != 3:
        raise IdentifierError(f"dstcode {dstcode!r} is not INSTANCE:CLASS:CODE:SUBSYSTEM")
    return parse_client(dstcode, separator=":")


def _read_service_code(provider_url: str, facade: FacadeSettings) -> str:
    mapped = dict(facade.services).get(provider_url)
    if mapped is not None:
        return mapped
    try:
        last = urlsplit(provider_url).path.rstrip("/").rpartition("/")[2]
    except ValueError as exc:
        raise IdentifierError(f"providerurl {provider_url!r} is no address") from exc
    if not last:
        raise IdentifierError(f"providerurl {provider_url!r} names no service: its path is empty and it is not mapped")
    return decode_segment(last)


def _with_client(headers: Sequence[tuple[str, str]], default: ClientId | None) -> tuple[tuple[str, str], ...]:
    named = [value for name, value in headers if name.lower() == "x-road-client"]
    others = tuple(pair for pair in headers if pair[0].lower() != "x-road-client")
    if named:
        return (*others, ("X-Road-Client", named[-1]))
    if default is None:
        raise IdentifierError("neither X-Road-Client nor a default client of the adapter façade says who calls")
    return (*others, ("X-Road-Client", encode_path(default)))
