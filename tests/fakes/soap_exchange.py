"""SOAP over :mod:`.exchange_pair`: what a system sends, what a service answers, and what the system is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fakes import exchange_pair as world
from tests.fakes import instance_seen as seen
from tests.fakes.exchange_pair import BytesBody, Pair
from tests.fakes.settings_files import COMPLETE

from lienthong.exchange.identifiers import ClientId, ServiceId
from lienthong.exchange.message.soap import SoapFault, SoapMessage, parse_soap, parse_soap_fault
from lienthong.exchange.security.ports import ServiceCall
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.transport.content import boundary_of
from lienthong.exchange.transport.http import Headers, HttpClientResponse, HttpRequest, Peer
from lienthong.exchange.transport.reader import MultipartReader, PartData, PartStart

XML = "text/xml; charset=UTF-8"
LEGACY = ClientId("VN", "GOV", "000.00.00.G01", "legacy")
GET_PERSON = ServiceId(LEGACY, "getPerson", "v1")
_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" xmlns:x="http://x-road.eu/xsd/xroad.xsd"'
    ' xmlns:i="http://x-road.eu/xsd/identifiers"><S:Header>{}</S:Header><S:Body>{}</S:Body></S:Envelope>'
)
_FIELDS = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the information system got."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers["content-type"]

    @property
    def fault(self) -> SoapFault:
        assert self.status == 200
        return parse_soap_fault(self.body)

    @property
    def message(self) -> SoapMessage:
        """The answer, which must be no fault; of a multipart, its first part."""
        part = parts_of(self.content_type, self.body)[0]
        parsed = parse_soap(part[1], content_type=part[0].content_type)
        assert isinstance(parsed, SoapMessage), self.body
        return parsed


def parts_of(content_type: str, body: bytes) -> list[tuple[PartStart, bytes]]:
    """The parts of a multipart; a body that is none is one part."""
    if not content_type.startswith("multipart/"):
        return [(PartStart(f"content-type: {content_type}\r\n".encode()), body)]
    reader = MultipartReader(boundary_of(content_type))
    parts: list[tuple[PartStart, bytes]] = []
    for event in [*reader.feed(body), *reader.close()]:
        match event:
            case PartStart():
                parts.append((event, b""))
            case PartData(data):
                parts[-1] = (parts[-1][0], parts[-1][1] + data)
    return parts


def snapshot_of(extra: str = "", *, text: str = COMPLETE) -> Snapshot:
    """The server of :mod:`.exchange_pair`, with the SOAP services registered."""
    servers = (
        seen.server(seen.OWN, "ss1", "127.0.1.1", seen.POPULATION, seen.ONESTOP, LEGACY),
        seen.server(seen.OTHER, "ss2", "127.0.1.2", seen.POPULATION),
    )
    return world.snapshot_of(extra, conf=seen.globalconf(*servers), text=text)


def soap_pair(folder: Path, *, extra: str = "", **changed: object) -> Pair:
    """Both flows, and a service that answers every request by its own headers."""
    given: dict[str, object] = {"own": snapshot_of(extra), "service_answer": echo, **changed}
    return Pair(folder, **given)  # type: ignore[arg-type]  # names of Pair's fields


def envelope(
    *,
    service: ServiceId = GET_PERSON,
    client: ClientId = seen.ONESTOP,
    message_id: str = "VN-1",
    body: str = '<p:getPerson xmlns:p="urn:vn:legacy"><p:number>001088000018</p:number></p:getPerson>',
    more: str = "",
) -> bytes:
    """A request; *more*: further headers."""
    version = (
        "" if service.service_version is None else f"<i:serviceVersion>{service.service_version}</i:serviceVersion>"
    )
    header = (
        f'<x:client i:objectType="{client.object_type}">{_client(client)}</x:client>'
        f'<x:service i:objectType="SERVICE">{_client(service.client)}'
        f"<i:serviceCode>{service.service_code}</i:serviceCode>{version}</x:service>"
        f"<x:userId>can-bo-1</x:userId><x:id>{message_id}</x:id><x:protocolVersion>4.0</x:protocolVersion>{more}"
    )
    return _ENVELOPE.format(header, body).encode()


def related(
    first: bytes, *attachments: bytes, boundary: str = "MIME_boundary", part_type: str = "text/xml; charset=UTF-8"
) -> tuple[str, bytes]:
    """Content type and body of a message with attachments, as a system writes it."""
    head = f"--{boundary}\r\nContent-Type: {part_type}\r\nContent-ID: <root>\r\n\r\n".encode()
    body = head + first
    for number, attachment in enumerate(attachments, 1):
        body += (
            f"\r\n--{boundary}\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n"
            f"Content-ID: <a{number}>\r\n\r\n"
        ).encode() + attachment
    return f'multipart/related; type="text/xml"; boundary={boundary}', body + f"\r\n--{boundary}--\r\n".encode()


def call(
    pair: Pair,
    body: bytes | None = None,
    content_type: str | None = XML,
    *,
    method: str = "POST",
    target: bytes = b"/",
    headers: Headers = (),
) -> Told:
    """A system's call, to the end."""
    return asyncio.run(_call(pair, envelope() if body is None else body, content_type, method, target, headers))


async def _call(
    pair: Pair, body: bytes, content_type: str | None, method: str, target: bytes, headers: Headers
) -> Told:
    typed = [] if content_type is None else [(b"Content-Type", content_type.encode())]
    request = HttpRequest(
        method=method,
        target=target,
        headers=[*typed, *headers],
        body=BytesBody(body),
        peer=Peer(address="127.0.0.1"),
    )
    response = await pair.system(request)
    named = {name.decode().lower(): value.decode() for name, value in response.headers}
    return Told(status=response.status, headers=named, body=await world.whole(response))


def answering(
    body: bytes, content_type: str = XML, *, status: int = 200
) -> Callable[[ServiceCall], HttpClientResponse]:
    """A service that always answers so."""
    return lambda _: world.answer_with(body, (b"Content-Type", content_type.encode()), status=status)


def response_to(request: bytes, *, more: str = "") -> bytes:
    """What a service answers to an envelope of :func:`envelope`."""
    body = request.replace(b"p:getPerson", b"p:getPersonResponse")
    return body.replace(b"<x:protocolVersion>", more.encode() + b"<x:protocolVersion>", 1)


def echo(_: ServiceCall) -> HttpClientResponse:
    """The answer to :func:`envelope` with its defaults."""
    return world.answer_with(response_to(envelope()), (b"Content-Type", XML.encode()))


def _client(client: ClientId) -> str:
    return "".join(f"<i:{name}>{part}</i:{name}>" for name, part in zip(_FIELDS, client, strict=True) if part)


def kinds(pair: Pair) -> Sequence[tuple[str, bool]]:
    """Side and direction of what was logged."""
    return [(record.side.value, record.is_response) for record in pair.logged]
