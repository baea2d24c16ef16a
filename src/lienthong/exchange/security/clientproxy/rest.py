"""A REST call as the consumer's security server handles it, from first byte to answer.

The order is the protocol's: who asks, are we able, where to, sign, log, send; verify, compare, log, deliver. Nothing
leaves before it is logged, and nothing is delivered before it is logged. Source: message-path dossier s.2.3–2.6, s.3.2,
s.3.4, s.3.9.
"""

from __future__ import annotations

from lienthong.exchange.errors import CLIENT_PROXY, Fault
from lienthong.exchange.message.faults import render_rest_error
from lienthong.exchange.message.rest import RestRequest
from lienthong.exchange.message.rest_headers import usual_content_type
from lienthong.exchange.message.signing import MessageParts, SignedMessage
from lienthong.exchange.messagelog.record import Side
from lienthong.exchange.security.addresses import select_addresses
from lienthong.exchange.security.bodies import OUR_HASH, SMALL_BODY, Bodies
from lienthong.exchange.security.clientproxy.answer import Answer, read_answer
from lienthong.exchange.security.clientproxy.call import ConsumerCall
from lienthong.exchange.security.facilities import OUR_HASH_LABEL, PROXY_VERSION, Facilities
from lienthong.exchange.security.ports import SpooledBody
from lienthong.exchange.security.records import Exchange, body_policy, make_record
from lienthong.exchange.security.sending import lay_out
from lienthong.exchange.security.snapshot import AuthenticationIdentity, Snapshot
from lienthong.exchange.serverconf.systems import SystemConnection, decide_system
from lienthong.exchange.transport import content
from lienthong.exchange.transport.http import HttpRequest, HttpResponse, Peer

_HOP_HEADERS = (
    (b"x-road-message-type", content.REST_MESSAGE.encode("ascii")),
    (b"x-hash-algorithm", OUR_HASH_LABEL),
    (b"x-proxy-version", PROXY_VERSION),
)


class RestConsumer:
    """Answers ``/r1/…`` on the ports of information systems."""

    def __init__(self, facilities: Facilities) -> None:
        self._means = facilities

    async def handle(self, request: HttpRequest) -> HttpResponse:
        """The answer to one call; every refusal is an answer too."""
        bodies = Bodies(self._means.spool)
        try:
            response = await self._exchange(request, bodies)
        except Fault as fault:
            bodies.close()
            shown = self._means.identified(fault.prefixed(CLIENT_PROXY))
            self._means.observer.refused(Side.CLIENT.value, shown, request, self._means.clock())
            return refusal(shown, request)
        except BaseException:
            bodies.close()
            raise
        self._means.observer.exchanged(Side.CLIENT.value)
        return response

    async def _exchange(self, http: HttpRequest, bodies: Bodies) -> HttpResponse:
        means = self._means
        snapshot = means.snapshot()
        request = RestRequest.build(
            method=http.method,
            target=http.target,
            headers=http.headers,
            request_id=means.uuids(),
            default_message_id=lambda: f"{snapshot.settings.id.owner.instance}-{means.uuids()}",
        )
        self._admit(snapshot, request, http.peer)
        now = means.clock()
        snapshot.require_configuration(now)
        addresses = select_addresses(snapshot.globalconf, request.service, request.security_server)
        identity = snapshot.require_authentication(now)
        means.require_log()
        call = ConsumerCall(
            snapshot=snapshot,
            http=http,
            exchange=_exchange_of(snapshot, request),
            body=await self._take_body(snapshot, http, bodies),
            bodies=bodies,
        )
        signed = await self._sign(call)
        await self._log(call, request.block, call.body, signed, is_response=False)
        answer = await self._send(call, addresses, identity, signed)
        await self._log(call, answer.response.block, answer.body, answer.signed, is_response=True)
        return await deliver(answer, bodies)

    def _admit(self, snapshot: Snapshot, request: RestRequest, peer: Peer) -> None:
        refused = decide_system(
            request.client,
            snapshot.settings.client(request.client),
            SystemConnection(tls=peer.tls, certificate_der=peer.leaf_der),
            registered_der=snapshot.system_certificates.get(request.client, frozenset()),
            internal_der=snapshot.internal_certificate,
        )
        if refused is not None:
            raise refused

    async def _take_body(self, snapshot: Snapshot, http: HttpRequest, bodies: Bodies) -> SpooledBody | None:
        """Spool the body; None when not one byte comes, for then no body part goes out. Source: message-path s.2.4."""
        if not http.body.entity:
            return None
        limit = snapshot.settings.limits.body_bytes
        content = http.body.take_whole(min(limit, SMALL_BODY))
        if content is not None:
            return await bodies.take(content) if content else None
        if not await http.body.wait_first():
            return None
        body = bodies.open()
        async for data in http.body:
            if body.size_bytes + len(data) > limit:
                raise Fault("invalid_request", f"The body is longer than {limit} bytes (limits.body_bytes)")
            await body.write(data)
        await body.finish()
        return body

    async def _sign(self, call: ConsumerCall) -> SignedMessage:
        signer = call.snapshot.require_signer(call.request.client, self._means.clock())
        attachments = () if call.body is None else (call.body.digest(OUR_HASH),)
        return await self._means.signer.sign(MessageParts(OUR_HASH.digest(call.request.block), attachments), signer)

    async def _log(
        self, call: ConsumerCall, block: bytes, body: SpooledBody | None, signed: SignedMessage, *, is_response: bool
    ) -> None:
        record, streamed = await make_record(
            call.exchange, is_response=is_response, block=block, body=body, signed=signed, now=self._means.clock()
        )
        await self._means.log.append(record, streamed)

    async def _send(
        self, call: ConsumerCall, addresses: tuple[str, ...], identity: AuthenticationIdentity, signed: SignedMessage
    ) -> Answer:
        means = self._means
        boundary = means.boundary()
        outgoing = await lay_out(
            ocsp_responses=identity.ocsp_responses,
            message_type=content.REST_REQUEST_TYPE,
            message=call.request.block,
            body=call.body,
            signed=signed,
            boundary=boundary,
        )

        async def verify(peer: Peer) -> None:
            await means.provider_check(call.snapshot, call.request.service.client, peer)

        async with means.transport.exchange(addresses, verify, _hop_headers(call, boundary), outgoing) as reply:
            return await read_answer(means, call, reply)


def _exchange_of(snapshot: Snapshot, request: RestRequest) -> Exchange:
    return Exchange(
        side=Side.CLIENT,
        request=request,
        request_id=request.request_id or "",
        policy=body_policy(snapshot.settings),
        gives_personal_data=False,
    )


def _hop_headers(call: ConsumerCall, boundary: str) -> tuple[tuple[bytes, bytes], ...]:
    """Headers between the servers, in lower case: peers look them up so. Source: message-path s.3.4."""
    return (
        *_HOP_HEADERS,
        (b"x-original-content-type", usual_content_type(call.http.header(b"content-type") or b"")),
        (b"x-road-request-id", call.exchange.request_id.encode("ascii")),
        (b"Content-Type", content.message_content_type(boundary).encode("ascii")),
    )


async def deliver(answer: Answer, bodies: Bodies) -> HttpResponse:
    """The verified answer for the information system: the signed block's status and headers, then the body.

    The reason phrase is the usual one, whatever the service said. Source: message-path s.2.5.
    """
    response = answer.response
    if answer.body is None or answer.body.size_bytes <= SMALL_BODY:
        body = b"" if answer.body is None else await answer.body.read_small(SMALL_BODY)
        bodies.close()
        return HttpResponse(status=response.status, headers=response.headers, body=body)
    stream = bodies.closing(answer.body.chunks)
    return HttpResponse(status=response.status, headers=response.headers, body=stream)


def refusal(fault: Fault, request: HttpRequest) -> HttpResponse:
    """The answer that tells an information system what failed, in the format it accepts."""
    accept = [value.decode("latin-1") for name, value in request.headers if name.lower() == b"accept"]
    error = render_rest_error(fault, accept=accept)
    return HttpResponse(status=error.status, headers=error.headers, body=error.body)
