"""WSDL documents of a register that speaks SOAP: a good one, and what makes one."""

from __future__ import annotations

HEADERS = ("client", "service", "userId", "id", "protocolVersion")
_NAMESPACES = (
    'xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xrd="http://x-road.eu/xsd/xroad.xsd" xmlns:tns="urn:vn:legacy"'
)


def wsdl(*operations: str, address: str = "http://127.0.3.1:9000/soap", style: str = "document", more: str = "") -> str:
    """A WSDL with these operations, ``code`` or ``code/version``; *more* stands before its types."""
    named = [operation.partition("/")[::2] for operation in operations]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions {_NAMESPACES} targetNamespace="urn:vn:legacy">
{more}<wsdl:types><xs:schema targetNamespace="urn:vn:legacy" elementFormDefault="qualified">
{"".join(f'<xs:element name="{code}" type="xs:string"/>' for code, _ in named)}
</xs:schema></wsdl:types>
<wsdl:message name="headers">{"".join(f'<wsdl:part name="{name}" element="xrd:{name}"/>' for name in HEADERS)}</wsdl:message>
{"".join(f'<wsdl:message name="{code}"><wsdl:part name="body" element="tns:{code}"/></wsdl:message>' for code, _ in named)}
<wsdl:portType name="legacy">
{"".join(f'<wsdl:operation name="{code}"><wsdl:input message="tns:{code}"/></wsdl:operation>' for code, _ in named)}
</wsdl:portType>
<wsdl:binding name="legacy" type="tns:legacy">
<soap:binding style="{style}" transport="http://schemas.xmlsoap.org/soap/http"/>
{"".join(bound(code, version) for code, version in named)}</wsdl:binding>
<wsdl:service name="legacy">
<wsdl:port name="legacy" binding="tns:legacy"><soap:address location="{address}"/></wsdl:port>
</wsdl:service>
</wsdl:definitions>
"""


def bound(code: str, version: str = "v1", *, headers: tuple[str, ...] = HEADERS, use: str = "literal") -> str:
    """An operation in a binding."""
    told = f"<xrd:version>{version}</xrd:version>" if version else ""
    parts = "".join(f'<soap:header message="tns:headers" part="{name}" use="literal"/>' for name in headers)
    return (
        f'<wsdl:operation name="{code}"><soap:operation soapAction=""/>{told}'
        f'<wsdl:input><soap:body use="{use}"/>{parts}</wsdl:input></wsdl:operation>\n'
    )


GOOD = wsdl("getPerson/v1", "getPerson/v2", "getRandom/v1")
