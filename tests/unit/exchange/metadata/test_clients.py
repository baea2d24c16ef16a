"""listClients, as recorded."""

import json

import pytest
from lxml import etree
from tests.unit.exchange.recordings import header, index, live, split_http

from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.metadata.clients import (
    XML_CONTENT_TYPE,
    ListedClient,
    asked_instance,
    client_list_json,
    client_list_xml,
    unknown_instance,
    wants_json,
)

H10, G01 = "UBND tỉnh Bình Phước", "Bộ Công an"
CLIENTS = [
    ListedClient(client=ClientId("VN", "GOV", code, subsystem), name=name)
    for code, subsystem, name in [
        ("000.00.00.H10", None, H10),
        ("000.00.00.H10", "onestop", H10),
        ("000.00.00.H10", "norights", H10),
        ("000.00.00.G01", None, G01),
        ("000.00.00.G01", "population", G01),
        ("000.00.00.G01", "legacy", G01),
    ]
]
NAMED = ListedClient(client=ClientId("VN", "GOV", "1", "a"), name="A & B", subsystem_name="<Dân cư>")


def test_xml_is_as_recorded() -> None:
    _, headers, body = split_http(live("meta/list-clients-xml", "6-consumer-response.http"))
    assert client_list_xml(CLIENTS) == body
    assert header(headers, b"content-type") == XML_CONTENT_TYPE


def test_an_unknown_instance_is_refused_as_recorded() -> None:
    recorded = index()["meta/list-clients-other-instance"]
    refused = unknown_instance("EE").prefixed("server", "clientproxy")
    assert (refused.code, refused.message) == (recorded["fault_code"], recorded["fault_string"])


def test_names_are_escaped_and_subsystems_may_have_their_own() -> None:
    root = etree.fromstring(client_list_xml([NAMED]))
    member = root[0]
    assert [(etree.QName(child).localname, child.text) for child in member[1:]] == [
        ("name", "A & B"),
        ("subsystemName", "<Dân cư>"),
    ]
    assert len(etree.fromstring(client_list_xml([]))) == 0


def test_json_leaves_out_what_is_absent() -> None:
    member = {"member_class": "GOV", "member_code": "000.00.00.H10", "object_type": "MEMBER", "xroad_instance": "VN"}
    assert json.loads(client_list_json(CLIENTS))["member"][0] == {"id": member, "name": H10}
    assert json.loads(client_list_json([NAMED])) == {
        "member": [
            {
                "id": {
                    "member_class": "GOV",
                    "member_code": "1",
                    "object_type": "SUBSYSTEM",
                    "subsystem_code": "a",
                    "xroad_instance": "VN",
                },
                "name": "A & B",
                "subsystem_name": "<Dân cư>",
            }
        ]
    }


@pytest.mark.parametrize(
    ("query", "instance"),
    [(None, "VN"), (b"", "VN"), (b"xRoadInstance=", "VN"), (b"xRoadInstance=%20", "VN"), (b"xRoadInstance=EE", "EE")],
)
def test_the_instance_asked_for(query: bytes | None, instance: str) -> None:
    assert asked_instance(query, local_instance="VN") == instance


@pytest.mark.parametrize(
    ("accept", "is_json"),
    [
        ([], False),
        (["*/*"], False),
        (["text/xml, Application/JSON;q=0.1"], True),
        (["text/xml", "application/json"], True),
    ],
)
def test_json_on_request(accept: list[str], is_json: bool) -> None:
    assert wants_json(accept) is is_json
