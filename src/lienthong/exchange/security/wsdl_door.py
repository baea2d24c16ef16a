"""``GET /wsdl``: the WSDL of a service anywhere in the network, for SOAP clients that begin by fetching one.

Off unless ``server.wsdl_client`` says in whose name to ask: what goes out is an ordinary ``getWsdl``, signed and
logged. Where it is off, the path is SOAP's like every other. Source: message-path dossier s.2.2, s.7.3.
"""

from __future__ import annotations

from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from lienthong.exchange.adapters.http_body import BodyReader
from lienthong.exchange.connector.envelopes import EnvelopeError
from lienthong.exchange.connector.related import read_related
from lienthong.exchange.connector.soap import build_soap_call
from lienthong.exchange.errors import CLIENT, CLIENT_PROXY, Fault
from lienthong.exchange.identifiers import ClientId, IdentifierError, ServiceId
from lienthong.exchange.message.faults import SOAP_FAULT_HEADERS, http_status, render_soap_fault
from lienthong.exchange.metadata import reserved
from lienthong.exchange.security.clientproxy.soap import SoapConsumer
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.transport.http import Handler, HttpRequest, HttpResponse, find_header

PATH = b"/wsdl"
MAX_BYTES = 16 * 1024 * 1024
_PROVIDER = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode")
_SERVICE = ("serviceCode", "version")
_QUESTION = (
    '<xrd:getWsdl xmlns:xrd="http://x-road.eu/xsd/xroad.xsd"><xrd:serviceCode>{}</xrd:serviceCode>{}</xrd:getWsdl>'
)


def wsdl_door(means: Facilities) -> Handler:
    """The handler, to stand behind the path."""
    consumer = SoapConsumer(means)

    async def handle(request: HttpRequest) -> HttpResponse:
        client = means.snapshot().settings.wsdl_client
        if client is None:
            return await consumer.handle(request)
        try:
            service = _asked_service(request.raw_query)
            return await _attached(await consumer.handle(_question(request, client, service, means.uuids())))
        except IdentifierError as exc:
            return refuse(Fault("invalid_request", f"/wsdl names no service: {exc}").prefixed(CLIENT))
        except Fault as fault:
            return refuse(fault.prefixed(CLIENT_PROXY))

    def refuse(fault: Fault) -> HttpResponse:
        body = render_soap_fault(means.identified(fault))
        return HttpResponse(status=http_status(fault.code), headers=SOAP_FAULT_HEADERS, body=body)

    return handle


def _asked_service(query: bytes) -> ServiceId:
    """The service that the parameters name; a member without subsystems provides some too."""
    given = parse_qs(query.decode("latin-1"))
    instance, member_class, code, subsystem = (given.get(name, [""])[-1] for name in _PROVIDER)
    service, version = (given.get(name, [""])[-1] for name in _SERVICE)
    return ServiceId(ClientId(instance, member_class, code, subsystem or None), service, version or None)


def _question(request: HttpRequest, client: ClientId, service: ServiceId, unique: str) -> HttpRequest:
    """``getWsdl`` in place of what was asked, by the same information system."""
    version = (
        f"<xrd:serviceVersion>{escape(service.service_version)}</xrd:serviceVersion>" if service.service_version else ""
    )
    asked = _QUESTION.format(escape(service.service_code), version).encode()
    metaservice = ServiceId(service.client, reserved.GET_WSDL)
    call = build_soap_call(client, metaservice, asked, {"message_id": f"{client.instance}-{unique}"})
    headers = [(name.encode(), value.encode()) for name, value in call.header_list(client, call.message_id)]
    body = call.body if isinstance(call.body, bytes) else b""
    return HttpRequest(method="POST", target=b"/", headers=headers, body=BodyReader.of(body), peer=request.peer)


async def _attached(answer: HttpResponse) -> HttpResponse:
    """The document beside a ``getWsdlResponse``; a refusal as it is, with a status that clients stop at."""
    content_type = (find_header(answer.headers, b"content-type") or b"").decode("latin-1")
    whole = await _gather(answer)
    try:
        _, attachments = read_related(content_type, whole)
    except EnvelopeError:
        attachments = ()
    if not attachments:
        return HttpResponse(status=500, headers=answer.headers, body=whole)
    headers = ((b"Content-Type", attachments[0].content_type.encode("latin-1")),)
    return HttpResponse(status=200, headers=headers, body=attachments[0].body)


async def _gather(answer: HttpResponse) -> bytes:
    """The body; raises Fault ``adapter_wsdl_not_found`` for one that is too large to be a WSDL."""
    if isinstance(answer.body, bytes):
        return answer.body
    whole = bytearray()
    try:
        async for piece in answer.body:
            whole += piece
            if len(whole) > MAX_BYTES:
                raise Fault("adapter_wsdl_not_found", f"The WSDL is longer than {MAX_BYTES} bytes")
    finally:
        close = getattr(answer.body, "aclose", None)
        if close is not None:
            await close()
    return bytes(whole)
