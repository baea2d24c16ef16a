"""SOAP messages spelt as X-Road's information systems spell them."""

from __future__ import annotations

from lienthong.exchange.message.soap import SoapMessage, parse_soap

XML = "text/xml; charset=UTF-8"
CLIENT = (
    '<xrd:client id:objectType="SUBSYSTEM"><id:xRoadInstance>VN</id:xRoadInstance><id:memberClass>GOV</id:memberClass>'
    "<id:memberCode>H10</id:memberCode><id:subsystemCode>onestop</id:subsystemCode></xrd:client>"
)
SERVICE = (
    '<xrd:service id:objectType="SERVICE"><id:xRoadInstance>VN</id:xRoadInstance><id:memberClass>GOV</id:memberClass>'
    "<id:memberCode>G01</id:memberCode><id:subsystemCode>legacy</id:subsystemCode>"
    "<id:serviceCode>getPerson</id:serviceCode><id:serviceVersion>v1</id:serviceVersion></xrd:service>"
)
SERVER = (
    '<xrd:securityServer id:objectType="SERVER"><id:xRoadInstance>VN</id:xRoadInstance><id:memberClass>GOV'
    "</id:memberClass><id:memberCode>G01</id:memberCode><id:serverCode>ss2</id:serverCode></xrd:securityServer>"
)
PARTY = (
    '<repr:representedParty xmlns:repr="http://x-road.eu/xsd/representation.xsd"><repr:partyClass>COM</repr:partyClass>'
    "<repr:partyCode>0100109106</repr:partyCode></repr:representedParty>"
)
TOKEN = (
    '<tok:securityToken xmlns:tok="http://x-road.eu/xsd/security-token.xsd" tokenType="urn:jwt"><any><thing/></any>'
    "</tok:securityToken>"
)
HASH = '<xrd:requestHash algorithmId="http://www.w3.org/2001/04/xmlenc#sha512">AAAA</xrd:requestHash>'
ID = "<xrd:id>VN-1</xrd:id>"
USER = "<xrd:userId>VN12345678</xrd:userId>"
VERSION = "<xrd:protocolVersion>4.0</xrd:protocolVersion>"
HEADER = CLIENT + SERVICE + USER + ID + VERSION
BODY = '<leg:getPerson xmlns:leg="urn:vn:legacy"><leg:number>001088000018</leg:number></leg:getPerson>'
ANSWER = '<leg:getPersonResponse xmlns:leg="urn:vn:legacy"><leg:name>Đặng Thị Ánh</leg:name></leg:getPersonResponse>'
NAMESPACES = (
    'xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xrd="http://x-road.eu/xsd/xroad.xsd" '
    'xmlns:id="http://x-road.eu/xsd/identifiers"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def envelope(header: str = HEADER, body: str = BODY, *, prolog: str = DECLARATION) -> str:
    """An envelope of these header blocks and this content of the body."""
    return (
        f"{prolog}<SOAP-ENV:Envelope {NAMESPACES}>\n<SOAP-ENV:Header>{header}</SOAP-ENV:Header>\n"
        f"<SOAP-ENV:Body>{body}</SOAP-ENV:Body>\n</SOAP-ENV:Envelope>"
    )


def message(text: str, *, content_type: str = XML, encoding: str = "utf-8") -> SoapMessage:
    """Parsed, and no fault."""
    parsed = parse_soap(text.encode(encoding), content_type=content_type)
    assert isinstance(parsed, SoapMessage)
    return parsed


REQUEST = envelope()
RESPONSE = envelope(body=ANSWER)
