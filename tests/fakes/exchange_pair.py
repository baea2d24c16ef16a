"""Both sides of an exchange in one process and without sockets: a consumer's flow that hands to a provider's flow."""

from __future__ import annotations

import asyncio
import json
import os
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.fakes import instance_seen as seen
from tests.fakes import pki
from tests.fakes.settings_files import COMPLETE, read

from lienthong.exchange.adapters.spool import Spool
from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.message.signing import SignedMessage
from lienthong.exchange.messagelog.record import LogRecord
from lienthong.exchange.security.channel import Failure
from lienthong.exchange.security.doors import servers_door, systems_door
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.observing import Observer
from lienthong.exchange.security.peer_ocsp import PeerOcsp
from lienthong.exchange.security.peers import PeerJudge
from lienthong.exchange.security.ports import Outgoing, ServiceCall, SpooledBody, VerifyPeer
from lienthong.exchange.security.signatures import SignatureJudge
from lienthong.exchange.security.signer import BatchSigner, SigningIdentity
from lienthong.exchange.security.snapshot import Snapshot, UsableSigner
from lienthong.exchange.transport.http import Handler, Headers, HttpClientResponse, HttpRequest, HttpResponse, Peer

PATH = b"/r1/VN/GOV/000.00.00.G01/population/"
OFFICER = ((b"X-Road-UserId", b"can-bo-1"), (b"X-Road-Issue", b"LAW:26/2023/QH15"))


class BytesBody:
    """A body that has come whole."""

    def __init__(self, data: bytes, *, entity: bool = True) -> None:
        self.entity = entity
        self._data = data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._data:
            yield self._data

    async def read(self, limit: int) -> bytes:
        assert len(self._data) <= limit
        return self._data

    def take_whole(self, limit: int) -> bytes | None:
        return self._data if len(self._data) <= limit else None

    async def wait_first(self) -> bool:
        return bool(self._data)


@dataclass
class Answered:
    """What the information system got."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def fault_code(self) -> str | None:
        return self.headers.get("x-road-error")

    @property
    def message(self) -> str:
        return str(json.loads(self.body)["message"])


@dataclass
class Pair:
    """A server that is both ends of its own exchanges; every way out is a list that tests read or a function they set."""

    folder: Path
    own: Snapshot = field(default_factory=lambda: snapshot_of(""))
    service_answer: Callable[[ServiceCall], HttpClientResponse] = field(default_factory=lambda: plain_answer)
    altered: Callable[[bytes], bytes] = field(default_factory=lambda: lambda data: data)
    """What the network makes of an answer between the servers."""
    on_the_way: Callable[[bytes], bytes] = field(default_factory=lambda: lambda data: data)
    """What the network makes of a request between the servers."""
    log_refuses: int | None = None
    """Number of the record that cannot be made durable."""
    gate: Fault | None = None
    peer_name: str = "ss1"
    """Whose certificate the other end shows."""
    logged: list[LogRecord] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    """Transport messages that went out."""
    answer_headers: list[Headers] = field(default_factory=list)
    """HTTP headers of what came back."""
    answers: list[bytes] = field(default_factory=list)
    """Transport messages that came back, unaltered."""
    hops: list[Headers] = field(default_factory=list)
    """Their HTTP headers."""
    failures: list[Failure] = field(default_factory=list)
    """What the figures were told of refusals."""
    asked: list[ServiceCall] = field(default_factory=list)
    served: list[bytes] = field(default_factory=list)
    """Bodies that services got."""
    means: Facilities = field(init=False)
    """What both flows share."""
    system: Handler = field(init=False)
    """The port of information systems."""

    def __post_init__(self) -> None:
        spool = Spool(self.folder, randomness=os.urandom)
        spool.remove_leftovers()
        self.means = means = Facilities(
            snapshot=lambda: self.own,
            spool=spool,
            log=self,
            log_gate=lambda: self.gate,
            signer=BatchSigner(clock=lambda: seen.NOW, run_in_thread=_never),
            signatures=SignatureJudge(),
            peers=PeerJudge(),
            peer_ocsp=PeerOcsp(_no_fetch),
            transport=self,
            services=Services(self),
            clock=lambda: seen.NOW,
            uuids=lambda: str(uuid.uuid4()),
            random_bytes=bytes,
            observer=Observer(tell=self.failures.append),
        )
        self.system, self._server = systems_door(means, {}), servers_door(means)

    async def call(
        self, target: bytes, *, method: str = "GET", body: bytes | None = None, headers: Headers = OFFICER
    ) -> Answered:
        """An information system's call, to the end."""
        request = HttpRequest(
            method=method,
            target=PATH + target,
            headers=[(b"X-Road-Client", b"VN/GOV/000.00.00.H10/onestop"), *headers],
            body=BytesBody(body or b"", entity=body is not None),
            peer=Peer(address="127.0.0.1"),
        )
        response = await self.system(request)
        named = {name.decode().lower(): value.decode() for name, value in response.headers}
        return Answered(response.status, named, await whole(response))

    async def append(self, record: LogRecord, body: SpooledBody | None) -> None:
        """The message log."""
        if len(self.logged) == self.log_refuses:
            raise Fault("logging_failed", "The message cannot be logged, so it is not passed on: disk full")
        self.logged.append(record)

    @asynccontextmanager
    async def exchange(
        self, addresses: Sequence[str], verify: VerifyPeer, headers: Headers, body: Outgoing
    ) -> AsyncIterator[HttpClientResponse]:
        """The network between the servers."""
        leaf = seen.certificate(self.peer_name).der
        await verify(Peer(address=addresses[0], tls=True, leaf_der=leaf, chain_der=(leaf,)))
        self.hops.append(headers)
        self.sent.append(await bytes_of(body))
        response = await self.arrive("POST", headers, self.on_the_way(self.sent[-1]))
        self.answer_headers.append(response.headers)
        self.answers.append(await whole(response))
        yield HttpClientResponse(
            status=response.status,
            reason=b"OK",
            headers=list(response.headers),
            body=BytesBody(self.altered(self.answers[-1])),
        )

    async def arrive(self, method: str, headers: Headers, body: bytes) -> HttpResponse:
        """A transport message at the provider's server, from the consumer's."""
        consumer = seen.certificate("ss1").der
        peer = Peer(address="127.0.1.1", tls=True, leaf_der=consumer, chain_der=(consumer,))
        request = HttpRequest(method=method, target=b"/", headers=list(headers), body=BytesBody(body), peer=peer)
        return await self._server(request)

    @asynccontextmanager
    async def call_service(self, call: ServiceCall) -> AsyncIterator[HttpClientResponse]:
        """The way to the services; see ``Services``."""
        self.asked.append(call)
        self.served.append(await bytes_of(call.body))
        yield self.service_answer(call)


class Services:
    """Only the way to services, because a pair's ``call`` is the information system's."""

    def __init__(self, pair: Pair) -> None:
        self.call = pair.call_service


def snapshot_of(extra: str = "", *, conf: GlobalConfSet | None = None, text: str = COMPLETE) -> Snapshot:
    """The server of :mod:`.instance_seen`, with more settings or others when asked."""
    own = seen.snapshot(conf or seen.globalconf(), read(text + seen.CONSUMER + extra))
    members = (seen.MEMBER, seen.ONESTOP.member)
    return replace(own, signers={member: _signer(member.member_code) for member in members})


def _signer(member_code: str) -> UsableSigner:
    certificate = seen.certificate(member_code, signs=True)
    identity = SigningIdentity(
        key=pki.key(member_code), certificate=certificate, ocsp_responses=(seen.answer(certificate),)
    )
    return UsableSigner(identity=identity, usable_until=certificate.not_after)


def plain_answer(_: ServiceCall) -> HttpClientResponse:
    return answer_with(b'{"ok":true}')


def answer_with(body: bytes, *headers: tuple[bytes, bytes], status: int = 200) -> HttpClientResponse:
    """A service's answer."""
    return HttpClientResponse(status=status, reason=b"OK", headers=list(headers), body=BytesBody(body))


async def _no_fetch(address: str, chain: tuple[bytes, ...]) -> tuple[bytes, ...]:
    raise Fault("ssl_authentication_failed", f"no OCSP answers at {address}")


async def bytes_of(body: Outgoing) -> bytes:
    return body if isinstance(body, bytes) else b"".join([chunk async for chunk in body()])


async def whole(response: HttpResponse) -> bytes:
    body = response.body
    return body if isinstance(body, bytes) else b"".join([chunk async for chunk in body])


def _never(_: object) -> asyncio.Future[list[SignedMessage]]:
    raise AssertionError("EC keys sign at once")
