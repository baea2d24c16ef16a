"""Whose signature a logged message must carry, found out from its bytes.

Source: message-path dossier s.5.6.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.message.rest import RestRequest, RestResponse, is_response_block
from lienthong.exchange.message.soap import SoapFault, SoapMessage, parse_soap, soap_signer

_NOT_REST = (b"<", b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe", b" ", b"\n", b"\r", b"\t", b"\0")
_AS_DOCUMENT_SAYS = "text/xml"
_AS_ANY_BYTES = "text/xml; charset=ISO-8859-1"

ReadT = TypeVar("ReadT")


def signer_of(message: bytes) -> ClientId:
    """The signer of ``/message.xml``: REST or SOAP, request or response.

    Raises:
        Fault: the message cannot be read so far.
    """
    if not is_rest(message):
        return _as_logged(soap_signer, message)
    if is_response_block(message):
        return RestResponse.parse(message).service.client
    return RestRequest.parse(message).client


def is_rest(message: bytes) -> bool:
    """Whether ``/message.xml`` is a REST header block rather than a SOAP envelope."""
    return not message.startswith(_NOT_REST)


def read_logged_soap(envelope: bytes) -> SoapMessage:
    """A SOAP message from the log.

    Raises:
        Fault: as :func:`~lienthong.exchange.message.soap.parse_soap` does; ``malformed_soap`` for a fault, which nobody
            signs.
    """
    soap = _as_logged(parse_soap, envelope)
    if isinstance(soap, SoapFault):
        raise Fault("malformed_soap", "The message is a SOAP fault, which nobody signs")
    return soap


def _as_logged(read: Callable[..., ReadT], envelope: bytes) -> ReadT:
    """Read without the Content-Type that the message came with.

    A document that does not name its charset is read as any bytes: an identifier beyond ASCII may then be read wrongly,
    and is in nobody's certificate.
    """
    try:
        return read(envelope, content_type=_AS_DOCUMENT_SAYS)
    except Fault as fault:
        if fault.code != "invalid_soap":
            raise
        return read(envelope, content_type=_AS_ANY_BYTES)
