"""What every call goes through at the consumer's security server, from first byte to answer, whatever its protocol.

The order is X-Road's: who asks, are we able, where to, sign, log, send; verify, compare, log, deliver. Nothing leaves
before it is logged, and nothing is delivered before it is logged. Source: message-path dossier s.2.3, s.3.2, s.3.4,
s.3.9.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic

from lienthong.exchange.errors import CLIENT_PROXY, Fault
from lienthong.exchange.message.rest import RestResponse
from lienthong.exchange.message.signing import MessageParts, SignedMessage
from lienthong.exchange.message.soap import SoapMessage
from lienthong.exchange.messagelog.record import Side
from lienthong.exchange.security.addresses import select_addresses
from lienthong.exchange.security.bodies import OUR_HASH, Bodies
from lienthong.exchange.security.clientproxy.answer import Answer, ResponseT
from lienthong.exchange.security.clientproxy.call import Arrival, ConsumerCall, Way
from lienthong.exchange.security.facilities import OUR_HASH_LABEL, PROXY_VERSION, Facilities
from lienthong.exchange.security.ports import SpooledBody
from lienthong.exchange.security.records import Exchange, RequestT, body_policy, make_record
from lienthong.exchange.security.sending import lay_out
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.serverconf.systems import SystemConnection, decide_system
from lienthong.exchange.transport import content
from lienthong.exchange.transport.http import Headers, HttpClientResponse, HttpRequest, HttpResponse, Peer

HASH_HEADERS = ((b"x-hash-algorithm", OUR_HASH_LABEL), (b"x-proxy-version", PROXY_VERSION))


class Consumer(ABC, Generic[RequestT, ResponseT]):
    """Answers information systems; a protocol says how it reads requests and tells answers."""

    def __init__(self, facilities: Facilities) -> None:
        self._means = facilities

    async def handle(self, request: HttpRequest) -> HttpResponse:
        """The answer to one call; every refusal is an answer too."""
        arrival = Arrival(http=request, bodies=Bodies(self._means.spool))
        try:
            response = await self._exchange(arrival)
        except Fault as fault:
            arrival.bodies.close()
            return self._refuse(fault.prefixed(CLIENT_PROXY), arrival)
        except BaseException:
            arrival.bodies.close()
            raise
        self._means.observer.exchanged(Side.CLIENT.value)
        return response

    @abstractmethod
    async def _exchange(self, arrival: Arrival) -> HttpResponse:
        """Lead one call from its request to its answer."""

    @abstractmethod
    async def _accept(self, call: ConsumerCall[RequestT], reply: HttpClientResponse) -> Answer[ResponseT]:
        """Read the reply to its end and accept it, or raise the fault the information system will see."""

    @abstractmethod
    def _hop_headers(self, call: ConsumerCall[RequestT]) -> Headers:
        """HTTP headers between the servers that the protocol adds, in lower case: peers look them up so."""

    @abstractmethod
    def _render(self, fault: Fault, shown: Fault, http: HttpRequest) -> HttpResponse:
        """The answer that tells an information system what failed: *fault* as raised, *shown* as it is told."""

    def _refuse(self, fault: Fault, arrival: Arrival) -> HttpResponse:
        shown = self._means.identified(fault)
        at = self._means.clock()
        self._means.observer.refused(Side.CLIENT.value, shown, at, client=arrival.client, service=arrival.service)
        return self._render(fault, shown, arrival.http)

    def _find_way(self, snapshot: Snapshot, request: RequestT, peer: Peer) -> Way:
        """Admit the information system and find where its request may go."""
        means = self._means
        refused = decide_system(
            request.client,
            snapshot.settings.client(request.client),
            SystemConnection(tls=peer.tls, certificate_der=peer.leaf_der),
            registered_der=snapshot.system_certificates.get(request.client, frozenset()),
            internal_der=snapshot.internal_certificate,
        )
        if refused is not None:
            raise refused
        now = means.clock()
        snapshot.require_configuration(now)
        addresses = select_addresses(snapshot.globalconf, request.service, request.security_server)
        identity = snapshot.require_authentication(now)
        means.require_log()
        return Way(addresses=addresses, identity=identity)

    async def _pass_on(self, call: ConsumerCall[RequestT], way: Way) -> Answer[ResponseT]:
        """Sign, log, send; take the answer, verified and logged."""
        signed = await self._sign(call)
        await self._log(call, call.request, call.body, signed)
        answer = await self._send(call, way, signed)
        await self._log(call, answer.response, answer.received.body, answer.received.signed, is_response=True)
        return answer

    async def _sign(self, call: ConsumerCall[RequestT]) -> SignedMessage:
        signer = call.snapshot.require_signer(call.request.client, self._means.clock())
        attached = tuple([body.digest(OUR_HASH) for body in call.signed_bodies])
        return await self._means.signer.sign(MessageParts(OUR_HASH.digest(call.message.body), attached), signer)

    async def _log(
        self,
        call: ConsumerCall[RequestT],
        message: RequestT | RestResponse | SoapMessage,
        body: SpooledBody | None,
        signed: SignedMessage,
        *,
        is_response: bool = False,
    ) -> None:
        record, streamed = await make_record(
            call.exchange, is_response=is_response, message=message, body=body, signed=signed, now=self._means.clock()
        )
        await self._means.log.append(record, streamed)

    async def _send(self, call: ConsumerCall[RequestT], way: Way, signed: SignedMessage) -> Answer[ResponseT]:
        means, boundary = self._means, self._means.boundary()
        outgoing = await lay_out(
            ocsp_responses=way.identity.ocsp_responses,
            message=call.message,
            body=call.body,
            attachments=call.attachments,
            signed=signed,
            boundary=boundary,
        )
        headers = (
            *HASH_HEADERS,
            *self._hop_headers(call),
            (b"x-road-request-id", call.exchange.request_id.encode("ascii")),
            (b"Content-Type", content.message_content_type(boundary).encode("ascii")),
        )

        async def verify(peer: Peer) -> None:
            await means.provider_check(call.snapshot, call.request.service.client, peer)

        async with means.transport.exchange(way.addresses, verify, headers, outgoing) as reply:
            return await self._accept(call, reply)


def exchange_of(snapshot: Snapshot, request: RequestT, request_id: str) -> Exchange[RequestT]:
    """What both log records of a call have in common at the consumer's server."""
    return Exchange(
        side=Side.CLIENT,
        request=request,
        request_id=request_id,
        policy=body_policy(snapshot.settings),
        gives_personal_data=False,
    )
