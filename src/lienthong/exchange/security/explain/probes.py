"""Asks one server of the provider: connection, TLS, OCSP answers, clock. Sends no message and no HTTP to its port 5500.

A server that wants a client certificate may end the handshake of one who has none, yet it has shown its own by then,
and that is kept.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from lienthong.exchange.adapters.http_errors import FetchError
from lienthong.exchange.adapters.ocsp_fetch import fetch_peer_responses
from lienthong.exchange.adapters.tls import TRANSPORT_CIPHERS
from lienthong.exchange.security.explain.facts import PeerFacts

PATIENCE_S = 10.0
"""For each step."""
_ALERT_S = 0.5
"""Under TLS 1.3 a server refuses our certificate after our side has finished; so long its alert is waited for."""
_DER = 2
"""``_ssl.ENCODING_DER``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """How servers are dialled."""

    port: int = 5500
    """Message port."""
    ocsp_port: int = 5577
    """Port of OCSP answers."""
    context: ssl.SSLContext | None = None
    """With our own certificate; None dials as a stranger."""
    clock: Callable[[], datetime]
    """Aware UTC."""
    patience_s: float = PATIENCE_S
    """For each step."""


async def probe(address: str, dial: Dial) -> PeerFacts:
    """Everything one server shows; problems are in the facts, none is raised."""
    facts = await asyncio.to_thread(_shake_hands, address, dial)
    if facts.connect_problem:
        return facts
    facts = replace(facts, clock=await _read_clock(address, dial), asked_at=dial.clock())
    if not facts.chain_der:
        return facts
    try:
        responses = await fetch_peer_responses(
            address, dial.ocsp_port, facts.chain_der, connect_s=dial.patience_s, read_s=dial.patience_s
        )
    except FetchError as exc:
        return replace(facts, ocsp_problem=str(exc))
    return replace(facts, ocsp_responses=tuple(responses))


async def probe_all(addresses: tuple[str, ...], dial: Dial) -> tuple[PeerFacts, ...]:
    """All servers at once, answers in the order given."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(probe(address, dial)) for address in addresses]
    return tuple(task.result() for task in tasks)


def _shake_hands(address: str, dial: Dial) -> PeerFacts:
    facts = PeerFacts(
        address=address,
        port=dial.port,
        ocsp_port=dial.ocsp_port,
        asked_at=dial.clock(),
        showed_own_certificate=dial.context is not None,
    )
    try:
        plain = socket.create_connection((address, dial.port), timeout=dial.patience_s)
    except socket.gaierror:
        return replace(facts, connect_problem="Name or service not known")
    except OSError as exc:
        return replace(facts, connect_problem=exc.strerror or str(exc) or type(exc).__name__)
    context = dial.context or stranger_context()
    with plain, context.wrap_socket(plain, do_handshake_on_connect=False) as secured:
        problem = _handshake_problem(secured)
        return replace(facts, handshake_problem=problem, chain_der=_shown_chain(secured))


def _handshake_problem(secured: ssl.SSLSocket) -> str:
    """Empty when both sides are content. TLS 1.3 needs a moment more: the server judges us last."""
    try:
        secured.do_handshake()
        if secured.version() == "TLSv1.3":
            secured.settimeout(_ALERT_S)
            if not secured.recv(1):
                return "the server closed the connection"
    except TimeoutError:
        return "" if secured.version() else "no answer"
    except (ssl.SSLError, OSError) as exc:
        return getattr(exc, "reason", None) or exc.strerror or str(exc) or type(exc).__name__
    return ""


def _shown_chain(secured: ssl.SSLSocket) -> tuple[bytes, ...]:
    """What the server sent, also when the handshake failed afterwards; ``adapters.tls.peer_chain`` needs a good one."""
    private = getattr(secured, "_sslobj", None)
    chain = private.get_unverified_chain() if private is not None else None
    return tuple(certificate.public_bytes(_DER) for certificate in chain or ())


def stranger_context() -> ssl.SSLContext:
    """TLS without a certificate of ours; whatever the server shows is looked at, not believed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(TRANSPORT_CIPHERS)
    return context


async def _read_clock(address: str, dial: Dial) -> datetime | None:
    """``Date`` of the heartbeat answer on the OCSP port. Source: message-path dossier s.3.10; RFC 9110 s.6.6.1."""
    host = f"[{address}]" if ":" in address else address
    timeout = aiohttp.ClientTimeout(total=dial.patience_s)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.head(f"http://{host}:{dial.ocsp_port}/", allow_redirects=False) as reply,
        ):
            written = reply.headers.get("Date", "")
        return parsedate_to_datetime(written).astimezone(UTC)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return None
