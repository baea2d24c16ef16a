"""The SOAP messages of the benchmark: the question that wrk posts, the answer that nginx gives.

The id of a question must stand in its answer. nginx reads no bodies, so the question says its id in ``SOAPAction`` as
well, which security servers hand on as it is.
"""

from __future__ import annotations

from lienthong.exchange.connector.envelopes import SoapHeaders, write_envelope
from lienthong.exchange.connector.soap import parse_soap_service
from lienthong.exchange.identifiers import parse_client

CONSUMER, PROVIDER = "VN/GOV/A/caller", "VN/GOV/B/service"
ID_OF_ACTION = """map $http_soapaction $message_id { '~^"urn:(?<id_of_action>[^"]+)"$' $id_of_action; }"""
"""For nginx."""


def service_code(size_name: str) -> str:
    """Of the SOAP service with messages of that size."""
    return f"soap{size_name}"


def question(size_name: str) -> str:
    """The template that wrk fills."""
    return _envelope(size_name, "@ID@", service_code(size_name), "@PAD@").decode()


def answer(size_name: str, filling: str) -> str:
    """The answer, for nginx to fill."""
    return _envelope(size_name, "$message_id", f"{service_code(size_name)}Response", filling).decode()


def missing(size_name: str, size: int) -> int:
    """Bytes that an answer lacks without a filling; never less than none."""
    return max(0, size - len(answer(size_name, "")))


def _envelope(size_name: str, message_id: str, name: str, filling: str) -> bytes:
    service = parse_soap_service(f"{PROVIDER}/{service_code(size_name)}")
    headers = SoapHeaders(client=parse_client(CONSUMER), service=service, message_id=message_id)
    return write_envelope(headers, f'<b:{name} xmlns:b="urn:b"><b:x>{filling}</b:x></b:{name}>'.encode())
