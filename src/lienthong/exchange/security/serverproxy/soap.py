"""SOAP at the provider's security server. Source: message-path dossier s.2.7, s.2.8, s.3.6, s.3.8; PR-MESS v4.0."""

from __future__ import annotations

from base64 import b64encode

import msgspec

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.soap import SoapMessage, with_request_hash
from lienthong.exchange.security.bodies import OUR_HASH
from lienthong.exchange.security.receiving import ReceivedMessage
from lienthong.exchange.security.serverproxy.call import ProviderCall
from lienthong.exchange.security.serverproxy.provider import Begun, Provider, ReadyAnswer
from lienthong.exchange.security.serverproxy.reception import Reception
from lienthong.exchange.security.serverproxy.soap_service import SoapServiceAnswer, call_soap_service, read_own_answer
from lienthong.exchange.serverconf.access import RESERVED_SERVICES, Call, Interface
from lienthong.exchange.transport.sequence import PartKind
from lienthong.exchange.transport.writer import Part


class SoapReception(Reception[SoapMessage]):
    """Reads SOAP requests."""

    message_kind = PartKind.SOAP_MESSAGE

    def _read(self, received: ReceivedMessage) -> SoapMessage:
        request = received.require_soap()
        own = self._snapshot.settings.id
        if request.security_server not in {None, own}:
            text = f"Invalid security server identifier '{request.security_server}' expected '{own}'"
            raise Fault("invalid_security_server", text)
        return request

    def _asked(self, request: SoapMessage) -> Call:
        return Call(client=request.client, service=request.service, interface=Interface.SOAP)


class SoapProvider(Provider[SoapMessage]):
    """Answers SOAP messages; the multipart of an answer is begun once the service has answered."""

    reception = SoapReception

    async def _ask(self, call: ProviderCall[SoapMessage], begun: Begun) -> ReadyAnswer:
        answer = await self._answer_of_service(call, begun)
        response = _bound(answer.response, call.request)
        return ReadyAnswer(
            response=response,
            message=Part(answer.part.content_type, response.envelope, answer.part.headers),
            attachments=answer.attachments,
        )

    async def _answer_of_service(self, call: ProviderCall[SoapMessage], begun: Begun) -> SoapServiceAnswer:
        def begin(content_type: str) -> None:
            begun.headers = ((b"x-original-content-type", content_type.encode("latin-1")),)

        if call.request.service.service_code in RESERVED_SERVICES:
            return await read_own_answer(self._means, call, begin)
        service = call.service
        if service is None:
            raise Fault("unknown_service", f"Unknown service: {call.request.service}")
        return await call_soap_service(self._means, call, service, begin)


def _bound(response: SoapMessage, request: SoapMessage) -> SoapMessage:
    """The response with the hash that binds it to its request. Source: message-path s.2.7."""
    hashed = b64encode(OUR_HASH.digest(request.envelope).value).decode("ascii")
    envelope = with_request_hash(response, request.envelope)
    return msgspec.structs.replace(response, envelope=envelope, request_hash=(OUR_HASH.uri, hashed))
