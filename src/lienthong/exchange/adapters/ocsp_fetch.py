"""OCSP over the network (face; being written)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lienthong.exchange.adapters.http_messages import HttpResponse


async def fetch_ocsp(url: str, request_der: bytes) -> bytes:
    """POST an OCSP request to a responder; the response DER. Raises FetchError. Source: RFC 6960 A.1."""
    raise NotImplementedError


async def fetch_peer_responses(host: str, port: int, certs_der: Sequence[bytes]) -> list[bytes]:
    """Ask a security server for OCSP responses on its own certificates, in order. Source: message-path s.3.10."""
    raise NotImplementedError


def ocsp_answer(query: bytes, lookup: Callable[[str, bytes], bytes | None], *, method: str = "GET") -> HttpResponse:
    """Our answer on port 5577; ``lookup("sha1"|"sha256", hash)`` gives response DER or None. HEAD is a heartbeat."""
    raise NotImplementedError
