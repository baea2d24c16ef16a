"""REST at the provider's security server. Source: message-path dossier s.2.5, s.2.8, s.3.6, s.3.8."""

from __future__ import annotations

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.request_hash import request_hash
from lienthong.exchange.message.rest import RestRequest, RestResponse
from lienthong.exchange.security.receiving import ReceivedMessage
from lienthong.exchange.security.serverproxy.call import ProviderCall
from lienthong.exchange.security.serverproxy.metaservices import answer_metaservice
from lienthong.exchange.security.serverproxy.provider import Begun, Provider, ReadyAnswer
from lienthong.exchange.security.serverproxy.reception import Reception
from lienthong.exchange.security.serverproxy.service import ServiceAnswer, call_service
from lienthong.exchange.serverconf.access import RESERVED_SERVICES, Call
from lienthong.exchange.transport import content
from lienthong.exchange.transport.http import find_header
from lienthong.exchange.transport.sequence import PartKind
from lienthong.exchange.transport.writer import Part
from lienthong.trust.algorithms import DigestAlgorithm


class RestReception(Reception[RestRequest]):
    """Reads REST requests."""

    message_kind = PartKind.REST_MESSAGE

    def _check_transport(self) -> None:
        super()._check_transport()
        if not self._http.header(b"x-road-request-id"):
            raise Fault("internal_error", "Header x-road-request-id is missing")

    def _read(self, received: ReceivedMessage) -> RestRequest:
        request = RestRequest.parse(received.message or b"")
        if request.has_repeated_client:
            raise Fault("invalid_client_identifier", "The request has more than one X-Road-Client header")
        return request

    def _asked(self, request: RestRequest) -> Call:
        return Call(
            client=request.client,
            service=request.service,
            method=request.method,
            path=request.service_path.decode("latin-1"),
        )


class RestProvider(Provider[RestRequest]):
    """Answers REST messages; from the logged request on the answer is a multipart, also when it is a fault."""

    reception = RestReception

    async def _ask(self, call: ProviderCall[RestRequest], begun: Begun) -> ReadyAnswer:
        begun.headers = ()
        answer = await self._answer_of_service(call)
        response = _response_to(call, answer)
        message = Part(content.REST_RESPONSE_TYPE, response.block)
        return ReadyAnswer(response=response, message=message, body=answer.body)

    async def _answer_of_service(self, call: ProviderCall[RestRequest]) -> ServiceAnswer:
        if call.request.service.service_code in RESERVED_SERVICES:
            return await answer_metaservice(self._means, call)
        service = call.service
        if service is None:
            raise Fault("unknown_service", f"Unknown service: {call.request.service}")
        return await call_service(self._means, call, service)


def _response_to(call: ProviderCall[RestRequest], answer: ServiceAnswer) -> RestResponse:
    """The header block of the answer; a metaservice's is our own making. Source: message-path s.2.5, s.7.5."""
    request, request_id, hashed = call.request, call.request_id, _request_hash(call)
    if request.service.service_code in RESERVED_SERVICES:
        content_type = (find_header(answer.headers, b"content-type") or b"").decode("latin-1")
        return RestResponse.build_own(
            content_type=content_type, request=request, request_id=request_id, request_hash=hashed
        )
    return RestResponse.build(
        status=answer.status,
        reason=answer.reason,
        headers=answer.headers,
        request=request,
        request_id=request_id,
        request_hash=hashed,
    )


def _request_hash(call: ProviderCall[RestRequest]) -> str:
    """The hash that binds the answer to the request. Source: message-path s.2.4."""
    body = call.received.body
    return request_hash(call.request.block, None if body is None else body.digest(DigestAlgorithm.SHA512).value)
