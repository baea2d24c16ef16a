"""A message from another security server as the provider's handles it, from first byte to signed answer.

Source: message-path dossier s.3.6, s.3.8; PR-MESSTRANSP s.3.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Generic

import msgspec

from lienthong.exchange.errors import SERVER_PROXY, Fault, RelayedFault
from lienthong.exchange.message.faults import SOAP_FAULT_HEADERS, render_soap_fault
from lienthong.exchange.message.rest import RestResponse
from lienthong.exchange.message.signing import MessageParts, SignedMessage
from lienthong.exchange.message.soap import SoapMessage
from lienthong.exchange.messagelog.record import Side
from lienthong.exchange.security.attachments import Attachment, signed_bodies
from lienthong.exchange.security.bodies import OUR_HASH, Bodies
from lienthong.exchange.security.facilities import OUR_HASH_LABEL, Facilities
from lienthong.exchange.security.ports import Outgoing, SpooledBody
from lienthong.exchange.security.records import RequestT, make_record
from lienthong.exchange.security.sending import lay_out
from lienthong.exchange.security.serverproxy.call import ProviderCall
from lienthong.exchange.security.serverproxy.reception import Reception
from lienthong.exchange.transport import content
from lienthong.exchange.transport.http import HttpRequest, HttpResponse
from lienthong.exchange.transport.writer import Part, write_message


class ReadyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What goes back, before it is signed."""

    response: RestResponse | SoapMessage
    message: Part
    """Header block or envelope, as it goes to the other server."""
    body: SpooledBody | None = None
    """Of a REST response; None where it has no entity."""
    attachments: tuple[Attachment, ...] = ()
    """Of a SOAP response."""


class Begun:
    """The multipart that answers: from when it may be begun on, a fault is told inside it, before that, bare."""

    __slots__ = ("headers",)

    def __init__(self) -> None:
        self.headers: tuple[tuple[bytes, bytes], ...] | None = None
        """Its headers that only the protocol knows; None before it is begun."""


class Provider(ABC, Generic[RequestT]):
    """Answers on the port between security servers; every refusal is an answer with status 200."""

    reception: ClassVar[type[Reception[RequestT]]]
    """Reads the requests of the protocol."""

    def __init__(self, facilities: Facilities) -> None:
        self._means = facilities

    @abstractmethod
    async def _ask(self, call: ProviderCall[RequestT], begun: Begun) -> ReadyAnswer:
        """Have the request answered and say when the multipart of the answer may be begun."""

    async def handle(self, http: HttpRequest) -> HttpResponse:
        """The answer to one transport message."""
        bodies = Bodies(self._means.spool)
        reception = self.reception(self._means, self._means.snapshot(), http, bodies)
        try:
            call = await reception.receive()
            self._means.require_log()
            await self._log(call, call.request, call.received.body, call.received.signed)
        except Fault as fault:
            bodies.close()
            return _bare(self._refuse(fault, reception.request))
        except BaseException:
            bodies.close()
            raise
        return await self._serve(call)

    async def _serve(self, call: ProviderCall[RequestT]) -> HttpResponse:
        boundary, begun = self._means.boundary(), Begun()
        try:
            outgoing = await self._answer(call, begun, boundary)
            self._means.observer.exchanged(Side.SERVER.value)
        except Fault as fault:
            call.bodies.close()
            told = self._refuse(fault, call.request)
            if begun.headers is None:
                return _bare(told)
            outgoing = write_message([told], boundary=boundary)
        except BaseException:
            call.bodies.close()
            raise
        headers = (
            (b"Content-Type", content.message_content_type(boundary).encode("ascii")),
            (b"x-hash-algorithm", OUR_HASH_LABEL),
            *(begun.headers or ()),
        )
        return HttpResponse(status=200, headers=headers, body=call.bodies.closing(outgoing))

    async def _answer(self, call: ProviderCall[RequestT], begun: Begun, boundary: str) -> Outgoing:
        answer = await self._ask(call, begun)
        attached = tuple([body.digest(OUR_HASH) for body in signed_bodies(answer.body, answer.attachments)])
        parts = MessageParts(OUR_HASH.digest(answer.message.body), attached)
        signed = await self._means.signer.sign(parts, call.signer)
        await self._log(call, answer.response, answer.body, signed, is_response=True)
        return await lay_out(
            ocsp_responses=(),
            message=answer.message,
            body=answer.body,
            attachments=answer.attachments,
            signed=signed,
            boundary=boundary,
        )

    async def _log(
        self,
        call: ProviderCall[RequestT],
        message: RequestT | RestResponse | SoapMessage,
        body: SpooledBody | None,
        signed: SignedMessage,
        *,
        is_response: bool = False,
    ) -> None:
        record, streamed = await make_record(
            call.exchange(), is_response=is_response, message=message, body=body, signed=signed, now=self._means.clock()
        )
        await self._means.log.append(record, streamed)

    def _refuse(self, fault: Fault, request: RequestT | None) -> Part:
        """Note a refusal, and tell it: a fault of the service as it came."""
        shown = self._means.identified(fault.prefixed(SERVER_PROXY))
        client, service = ("", "") if request is None else (request.client, request.service)
        self._means.observer.refused(Side.SERVER.value, shown, self._means.clock(), client=client, service=service)
        if isinstance(fault, RelayedFault) and fault.xml:
            return Part(content.envelope_content_type(fault.content_type), fault.xml)
        return Part(content.SOAP_TYPE, render_soap_fault(shown))


def _bare(fault: Part) -> HttpResponse:
    return HttpResponse(status=200, headers=SOAP_FAULT_HEADERS, body=fault.body)
