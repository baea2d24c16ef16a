"""Names of elements and attributes, as lxml tells them."""

from __future__ import annotations

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XROAD = "http://x-road.eu/xsd/xroad.xsd"
IDENTIFIERS = "http://x-road.eu/xsd/identifiers"
REPRESENTATION = "http://x-road.eu/xsd/representation.xsd"

ENVELOPE = f"{{{SOAP}}}Envelope"
HEADER = f"{{{SOAP}}}Header"
BODY = f"{{{SOAP}}}Body"
FAULT = f"{{{SOAP}}}Fault"

CLIENT = f"{{{XROAD}}}client"
SERVICE = f"{{{XROAD}}}service"
MESSAGE_ID = f"{{{XROAD}}}id"
USER_ID = f"{{{XROAD}}}userId"
ISSUE = f"{{{XROAD}}}issue"
PROTOCOL_VERSION = f"{{{XROAD}}}protocolVersion"
REQUEST_HASH = f"{{{XROAD}}}requestHash"
SECURITY_SERVER = f"{{{XROAD}}}securityServer"
REPRESENTED_PARTY = f"{{{REPRESENTATION}}}representedParty"

READ = frozenset(
    {
        CLIENT,
        SERVICE,
        MESSAGE_ID,
        USER_ID,
        ISSUE,
        PROTOCOL_VERSION,
        REQUEST_HASH,
        SECURITY_SERVER,
        REPRESENTED_PARTY,
    }
)
"""Header blocks that the exchange reads; others, the security token among them, are not looked into."""

OBJECT_TYPE = f"{{{IDENTIFIERS}}}objectType"
ALGORITHM_ID = "algorithmId"


def local(name: str) -> str:
    """The local part."""
    return name.rpartition("}")[2]
