"""Header blocks: what is read is one unambiguous block, of which every line can be handed on."""

from __future__ import annotations

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.rest import RestRequest, RestResponse, is_response_block
from lienthong.exchange.message.rest_headers import HOP_BY_HOP

REFUSES = (Fault,)


def read(data: bytes) -> None:
    block: RestRequest | RestResponse
    if is_response_block(data):
        block = RestResponse.parse(data)
        assert 100 <= block.status <= 999
    else:
        block = RestRequest.parse(data)
        assert block.target.startswith(b"/r1/")
        assert not block.service_path or block.service_path.startswith(b"/")
        assert block.query is None or block.query in block.target
    assert block.block == data
    for name, value in block.headers:
        assert name.lower() not in HOP_BY_HOP
        assert not set(value) & set(b"\r\n\0")
