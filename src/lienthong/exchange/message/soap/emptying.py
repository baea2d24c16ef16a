"""The envelope that the log keeps where bodies are not logged.

Source: message-path dossier s.5.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from lienthong.exchange.identifiers import ClientId, SecurityServerId, ServiceId
from lienthong.exchange.message.rest import RepresentedParty
from lienthong.exchange.message.soap import names
from lienthong.exchange.message.soap.messages import SoapMessage

_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<SOAP-ENV:Envelope xmlns:SOAP-ENV="{names.SOAP}" xmlns:xrd="{names.XROAD}" xmlns:id="{names.IDENTIFIERS}"'
    f' xmlns:repr="{names.REPRESENTATION}"><SOAP-ENV:Header>{{}}</SOAP-ENV:Header>'
    "<SOAP-ENV:Body><{}/></SOAP-ENV:Body></SOAP-ENV:Envelope>"
)
_CLIENT_PARTS = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode")


def emptied(message: SoapMessage) -> bytes:
    """An envelope of its X-Road headers and an empty element where the body's was, in UTF-8.

    Header blocks of others, security tokens among them, are left out; read again, it has the same fields. The
    signature is of the original, which whoever has it can show.
    """
    return _ENVELOPE.format("".join(_headers(message)), message.body_name).encode()


def _headers(message: SoapMessage) -> Iterator[str]:
    yield _identifier("client", message.client.object_type, _client(message.client))
    yield _identifier("service", ServiceId.object_type, _service(message.service))
    if message.security_server is not None:
        yield _identifier("securityServer", SecurityServerId.object_type, _server(message.security_server))
    if message.represented_party is not None:
        yield f"<repr:representedParty>{_party(message.represented_party)}</repr:representedParty>"
    plain = {
        "userId": message.user_id,
        "id": message.message_id,
        "issue": message.issue,
        "protocolVersion": message.protocol_version,
    }
    yield from (_element(f"xrd:{name}", text) for name, text in plain.items() if text is not None)
    if message.request_hash is not None:
        algorithm, value = message.request_hash
        yield f"<xrd:requestHash algorithmId={quoteattr(algorithm)}>{_text(value)}</xrd:requestHash>"


def _identifier(name: str, kind: str, parts: dict[str, str | None]) -> str:
    inside = "".join(_element(f"id:{part}", text) for part, text in parts.items() if text is not None)
    return f'<xrd:{name} id:objectType="{kind}">{inside}</xrd:{name}>'


def _client(client: ClientId) -> dict[str, str | None]:
    return dict(zip(_CLIENT_PARTS, client, strict=True))


def _service(service: ServiceId) -> dict[str, str | None]:
    return {
        **_client(service.client),
        "serviceCode": service.service_code,
        "serviceVersion": service.service_version,
    }


def _server(server: SecurityServerId) -> dict[str, str | None]:
    return {**_client(server.owner), "serverCode": server.server_code}


def _party(party: RepresentedParty) -> str:
    parts = {"repr:partyClass": party.party_class, "repr:partyCode": party.party_code}
    return "".join(_element(name, text) for name, text in parts.items() if text is not None)


def _element(name: str, text: str) -> str:
    return f"<{name}>{_text(text)}</{name}>"


def _text(value: str) -> str:
    return escape(value, {"\r": "&#13;"})
