"""Headers smuggled into SOAP envelopes: what ours takes, every other reader reads the same way, or ours refuses it."""

from __future__ import annotations

from xml.dom import minidom
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.soap_messages import BODY, CLIENT, HASH, HEADER, ID, SERVICE, TOKEN, USER, VERSION, XML, envelope

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.soap import DEPTH_MAX, MARKUP_MAX, SoapFault, SoapMessage, names, parse_soap

OTHER = CLIENT.replace(">H10<", ">H99<")
PIECES = {
    "another client": OTHER,
    "a client in another prefix": OTHER.replace("xrd:", "x:").replace("<x:client", f'<x:client xmlns:x="{names.XROAD}"'),
    "a client by default namespace": OTHER.replace("xrd:client id", f'client xmlns="{names.XROAD}" id').replace("xrd:", ""),
    "a client in a comment": f"<!-- {OTHER} -->",
    "a client in CDATA": f"<x><![CDATA[{OTHER}]]></x>",
    "a client in a processing instruction": f"<?x {OTHER}?>",
    "a client in a block": f"<x>{OTHER}</x>",
    "a client in a client": CLIENT.replace("</xrd:client>", f"{OTHER}</xrd:client>"),
    "a code in a code": CLIENT.replace(">H10<", "><id:memberCode>H99</id:memberCode><"),
    "two codes": CLIENT.replace("</xrd:client>", "<id:memberCode>H99</id:memberCode></xrd:client>"),
    "a code split by a comment": CLIENT.replace(">H10<", ">H<!--99-->10<"),
    "a code split by CDATA": CLIENT.replace(">H10<", "><![CDATA[H]]>10<"),
    "a code by references": CLIENT.replace(">H10<", ">&#72;1&#x30;<"),
    "a header that ends early": "</SOAP-ENV:Header><SOAP-ENV:Header>",
    "a body in between": f"</SOAP-ENV:Header><SOAP-ENV:Body>{BODY}</SOAP-ENV:Body><SOAP-ENV:Header>",
    "a header in a header": f"<SOAP-ENV:Header>{OTHER}</SOAP-ENV:Header>",
    "a header of SOAP 1.2": f'<h:Header xmlns:h="http://www.w3.org/2003/05/soap-envelope">{OTHER}</h:Header>',
    "the usual": HEADER,
    "client": CLIENT,
    "service": SERVICE,
    "rest": USER + ID + VERSION,
    "token": TOKEN,
    "hash": HASH,
}  # fmt: skip


def read(text: str) -> SoapMessage | None:
    try:
        parsed = parse_soap(text.encode(), content_type=XML)
    except Fault:
        return None
    assert not isinstance(parsed, SoapFault)
    return parsed


def by_element_tree(text: str) -> list[list[str]]:
    """All clients that stand anywhere as header blocks, by their texts."""
    root = ElementTree.fromstring(text.encode())
    blocks = [block for section in root.iter(names.HEADER) for block in section.iter(names.CLIENT)]
    direct = [block for block in blocks if block in list(root.find(names.HEADER) or ())]
    return [["".join(part.itertext()) for part in block] for block in direct]


def by_dom(text: str) -> list[list[str]]:
    header = minidom.parseString(text.encode()).getElementsByTagNameNS(names.SOAP, "Header")[0]
    blocks = [node for node in header.childNodes if (node.namespaceURI, node.localName) == (names.XROAD, "client")]
    return [[_text(part) for part in block.childNodes if part.nodeType == part.ELEMENT_NODE] for block in blocks]


def _text(node: minidom.Node) -> str:
    return "".join(
        child.data for child in node.childNodes if child.nodeType in {child.TEXT_NODE, child.CDATA_SECTION_NODE}
    )


@given(st.lists(st.sampled_from(sorted(PIECES)), min_size=1, max_size=4), st.sampled_from(["", *sorted(PIECES)]))
def test_whoever_reads_what_ours_takes_reads_the_same_client(inside: list[str], before: str) -> None:
    text = envelope("".join(PIECES[name] for name in inside))
    text = text.replace("<SOAP-ENV:Header>", f"{PIECES.get(before, '')}<SOAP-ENV:Header>", 1)
    parsed = read(text)
    if parsed is not None:
        assert by_element_tree(text) == by_dom(text) == [list(parsed.client.parts)]


@pytest.mark.parametrize(
    "name", ["a client in a comment", "a client in CDATA", "a client in a block", "a header of SOAP 1.2"]
)
def test_what_is_no_header_block_is_not_read(name: str) -> None:
    parsed = read(envelope(PIECES[name] + HEADER))
    assert parsed is not None
    assert parsed.client.member_code == "H10"


@pytest.mark.parametrize(
    "text",
    [
        envelope(HEADER + "<a>" * DEPTH_MAX + "</a>" * DEPTH_MAX),
        envelope(body=BODY.replace("001088000018", "<a>" * 100_000 + "</a>" * 100_000)),
        envelope(body=BODY.replace("001088000018", "<a>" * 100_000)),
        envelope(body=BODY.replace("001088000018", "<a/>" * MARKUP_MAX)),
        envelope(HEADER + "<a " + " ".join(f"a{n}=''" for n in range(MARKUP_MAX)) + "/>"),
    ],
    ids=["deep header", "deep body", "never closed", "much markup", "many attributes"],
)
def test_shapes_that_wear_out_are_refused(text: str) -> None:
    assert read(text) is None
