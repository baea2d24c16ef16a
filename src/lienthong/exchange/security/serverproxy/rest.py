"""A message from another security server as the provider's handles it, from first byte to signed answer.

Source: message-path dossier s.3.6, s.3.8; PR-MESSTRANSP s.3.
"""

from __future__ import annotations

from lienthong.exchange.errors import SERVER_PROXY, Fault
from lienthong.exchange.message.faults import SOAP_FAULT_HEADERS, render_soap_fault
from lienthong.exchange.message.rest import RestResponse
from lienthong.exchange.message.signing import MessageParts, SignedMessage
from lienthong.exchange.messagelog.record import Side
from lienthong.exchange.security.bodies import OUR_HASH, Bodies
from lienthong.exchange.security.facilities import OUR_HASH_LABEL, Facilities
from lienthong.exchange.security.ports import Outgoing, SpooledBody
from lienthong.exchange.security.records import make_record
from lienthong.exchange.security.sending import lay_out
from lienthong.exchange.security.serverproxy.call import ProviderCall
from lienthong.exchange.security.serverproxy.metaservices import answer_metaservice
from lienthong.exchange.security.serverproxy.reception import Reception
from lienthong.exchange.security.serverproxy.service import ServiceAnswer, call_service
from lienthong.exchange.serverconf.access import RESERVED_SERVICES
from lienthong.exchange.transport import content
from lienthong.exchange.transport.http import HttpRequest, HttpResponse, find_header
from lienthong.exchange.transport.writer import Part, write_message


class RestProvider:
    """Answers REST messages on the port between security servers; every refusal is an answer with status 200."""

    def __init__(self, facilities: Facilities) -> None:
        self._means = facilities

    async def handle(self, http: HttpRequest) -> HttpResponse:
        """The answer to one transport message."""
        bodies = Bodies(self._means.spool)
        try:
            call = await Reception(self._means, self._means.snapshot(), http, bodies).receive()
            await self._log_request(call)
        except Fault as fault:
            bodies.close()
            return HttpResponse(status=200, headers=SOAP_FAULT_HEADERS, body=self._refuse(fault, http))
        except BaseException:
            bodies.close()
            raise
        return await self._serve(call, http)

    async def _serve(self, call: ProviderCall, http: HttpRequest) -> HttpResponse:
        """From here on the answer is a multipart, also when it is a fault. Source: message-path s.3.8."""
        boundary = self._means.boundary()
        try:
            outgoing = await self._answer(call, boundary)
        except Fault as fault:
            call.bodies.close()
            outgoing = write_message([Part(content.SOAP_TYPE, self._refuse(fault, http))], boundary=boundary)
        except BaseException:
            call.bodies.close()
            raise
        headers = (
            (b"Content-Type", content.message_content_type(boundary).encode("ascii")),
            (b"x-hash-algorithm", OUR_HASH_LABEL),
        )
        self._means.observer.exchanged(Side.SERVER.value)
        if isinstance(outgoing, bytes):
            call.bodies.close()
            return HttpResponse(status=200, headers=headers, body=outgoing)
        return HttpResponse(status=200, headers=headers, body=call.bodies.closing(outgoing))

    async def _answer(self, call: ProviderCall, boundary: str) -> Outgoing:
        answer = await self._ask(call)
        response = _response_to(call, answer)
        attachments = () if answer.body is None else (answer.body.digest(OUR_HASH),)
        parts = MessageParts(OUR_HASH.digest(response.block), attachments)
        signed = await self._means.signer.sign(parts, call.signer)
        await self._log(call, response.block, answer.body, signed, is_response=True)
        return await lay_out(
            ocsp_responses=(),
            message_type=content.REST_RESPONSE_TYPE,
            message=response.block,
            body=answer.body,
            signed=signed,
            boundary=boundary,
        )

    async def _ask(self, call: ProviderCall) -> ServiceAnswer:
        if call.request.service.service_code in RESERVED_SERVICES:
            return await answer_metaservice(self._means, call)
        service = call.service
        if service is None:
            raise Fault("unknown_service", f"Unknown service: {call.request.service}")
        return await call_service(self._means, call, service)

    async def _log_request(self, call: ProviderCall) -> None:
        self._means.require_log()
        await self._log(call, call.request.block, call.body, call.signed, is_response=False)

    async def _log(
        self, call: ProviderCall, block: bytes, body: SpooledBody | None, signed: SignedMessage, *, is_response: bool
    ) -> None:
        record, streamed = await make_record(
            call.exchange(), is_response=is_response, block=block, body=body, signed=signed, now=self._means.clock()
        )
        await self._means.log.append(record, streamed)

    def _refuse(self, fault: Fault, http: HttpRequest) -> bytes:
        shown = self._means.identified(fault.prefixed(SERVER_PROXY))
        self._means.observer.refused(Side.SERVER.value, shown, http, self._means.clock())
        return render_soap_fault(shown)


def _response_to(call: ProviderCall, answer: ServiceAnswer) -> RestResponse:
    """The header block of the answer; a metaservice's is our own making. Source: message-path s.2.5, s.7.5."""
    request, request_id, request_hash = call.request, call.request_id, call.request_hash
    if request.service.service_code in RESERVED_SERVICES:
        content_type = (find_header(answer.headers, b"content-type") or b"").decode("latin-1")
        return RestResponse.build_own(
            content_type=content_type, request=request, request_id=request_id, request_hash=request_hash
        )
    return RestResponse.build(
        status=answer.status,
        reason=answer.reason,
        headers=answer.headers,
        request=request,
        request_id=request_id,
        request_hash=request_hash,
    )
