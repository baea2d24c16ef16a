"""Every rule for WSDL, by a document that breaks it alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.wsdl_documents import GOOD, HEADERS, bound, wsdl
from tests.shared import shared
from tests.unit.exchange.recordings import live, split_http

from lienthong.exchange.metadata.lint import Finding, lint_wsdl, words_of
from lienthong.exchange.metadata.wsdl import Fetch


def told(document: str | bytes, fetch: Fetch | None = None) -> list[tuple[str, str]]:
    """Rule and English cause of every finding."""
    found = lint_wsdl(document if isinstance(document, bytes) else document.encode(), fetch=fetch)
    return [(finding.rule, words_of(finding, "en").cause) for finding in found]


def rules(document: str | bytes, fetch: Fetch | None = None) -> list[str]:
    return [rule for rule, _ in told(document, fetch)]


def test_a_good_description_has_nothing_wrong() -> None:
    assert lint_wsdl(GOOD.encode()) == ()
    assert lint_wsdl(GOOD.encode(), fetch=lambda _: None) == ()


ONE = wsdl("getPerson/v1")
TWO_PORTS = ONE.replace(
    "</wsdl:service>",
    '<wsdl:port name="b" binding="tns:legacy"><soap:address location="http://h/"/></wsdl:port></wsdl:service>',
)
BROKEN = [
    ("not_well_formed", ONE[:-30], "not well-formed"),
    ("document_type", ONE.replace("<wsdl:definitions", "<!DOCTYPE x>\n<wsdl:definitions", 1), "DOCTYPE"),
    ("not_wsdl", "<description xmlns='http://www.w3.org/ns/wsdl'/>", "http://www.w3.org/ns/wsdl"),
    ("no_operations", ONE.replace("wsdl/soap/", "wsdl/soap12/"), "SOAP 1.1"),
    ("operation_unnamed", ONE.replace('<wsdl:operation name="getPerson"><soap:', "<wsdl:operation><soap:"), "no name"),
    ("code_characters", ONE.replace("getPerson", "get;Person"), "has ;"),
    ("code_characters", ONE.replace("getPerson", "get\u200bPerson"), "has U+200B"),
    ("code_reserved", wsdl("listMethods/v1"), "listMethods is a metaservice"),
    ("version_missing", wsdl("getPerson"), "getPerson has no version"),
    ("version_characters", wsdl("getPerson/v1").replace(">v1<", ">v1:2<"), "v1:2 of getPerson has :"),
    ("duplicate", TWO_PORTS, "getPerson, version v1, is declared twice"),
    ("style_rpc", wsdl("getPerson/v1", style="rpc"), "rpc"),
    ("style_rpc", ONE.replace('soapAction=""', 'soapAction="" style="rpc"'), "rpc"),
    ("use_encoded", ONE.replace(bound("getPerson"), bound("getPerson", use="encoded")), "SOAP-encoded"),
    ("headers_missing", ONE.replace(bound("getPerson"), bound("getPerson", headers=())), "client, service, id, proto"),
    ("headers_missing", ONE.replace('element="xrd:id"', 'element="tns:id"'), "headers id"),
    ("body_name", ONE.replace('element="tns:getPerson"', 'element="tns:person"'), "the element person"),
    ("address_missing", wsdl("getPerson/v1", address=" "), "port legacy has no address"),
    ("address_scheme", wsdl("getPerson/v1", address="ftp://h/x"), "ftp://h/x"),
    ("address_scheme", wsdl("getPerson/v1", address="http://[::1/"), "http://[::1/"),
]


@pytest.mark.parametrize(("rule", "document", "cause"), BROKEN)
def test_each_rule_is_broken_alone(rule: str, document: str, cause: str) -> None:
    ((found, words),) = told(document)
    assert found == rule
    assert cause in words


def test_a_document_without_end_is_not_read() -> None:
    assert rules(b" " * (10 * 1024 * 1024 + 1)) == ["too_long"]


def test_the_line_is_that_of_the_element() -> None:
    document = wsdl("first/v1", "second")
    (finding,) = lint_wsdl(document.encode())
    assert '<wsdl:operation name="second"><soap:' in document.splitlines()[(finding.line or 0) - 1]
    assert finding.place == str(finding.line)


def test_findings_come_in_the_order_of_lines() -> None:
    found = lint_wsdl(wsdl("listMethods", "b", address="").encode())
    assert len(found) == 4
    assert [each.line for each in found] == sorted(each.line or 0 for each in found)


def test_imports_that_are_not_at_hand() -> None:
    schema = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:import namespace="urn:a"/>{}</xs:schema>'
    including = ONE.replace("<xs:schema ", schema.format('<xs:include schemaLocation="a.xsd"/>') + "<xs:schema ")
    importing = wsdl("getPerson/v1", more='<wsdl:import namespace="urn:b" location="b.wsdl"/>\n')
    for document, rule in ((including, "schema_missing"), (importing, "import_missing")):
        assert rules(document) == []  # not judged where nothing can be looked up
        assert rules(document, lambda _: None) == [rule]
        assert rules(document, lambda _: wsdl("other/v1").replace("legacy", "other").encode()) == []
    assert rules(importing, lambda _: b"<html>") == ["import_unreadable"]
    assert rules(importing.replace(' location="b.wsdl"', ""), lambda _: None) == ["import_missing"]


@pytest.mark.parametrize("place", ["file:///etc/hostname", "/etc/hostname", "http://127.82.65.1:9/x"])
def test_nothing_is_opened_but_through_the_function(place: str) -> None:
    asked: list[str] = []
    importing = wsdl("getPerson/v1", more=f'<wsdl:import namespace="urn:b" location="{place}"/>\n')
    assert rules(importing, asked.append) == ["import_missing"]
    assert set(asked) == {place}


def test_headers_whose_message_is_elsewhere_go_by_their_own_names() -> None:
    assert rules(ONE.replace('message="tns:headers"', 'message="tns:elsewhere"')) == []


def test_a_body_that_is_not_at_hand_is_not_judged() -> None:
    assert rules(ONE.replace('type="tns:legacy"', 'type="tns:elsewhere"')) == []
    assert rules(ONE.replace('<wsdl:part name="body" element="tns:getPerson"/>', "")) == []


REAL = {
    "managementservices.wsdl": {"version_missing"},
    "monitoring.wsdl": {"version_missing", "code_reserved", "headers_missing", "schema_missing"},
    "op-monitoring.wsdl": {"version_missing", "code_reserved", "schema_missing"},
}
"""What is so of X-Road's own descriptions: their services are reserved, have no version, and monitoring.wsdl leaves out
protocolVersion."""


@pytest.mark.parametrize(("name", "expected"), REAL.items(), ids=REAL)
def test_the_descriptions_of_x_roads_own_services(name: str, expected: set[str]) -> None:
    assert set(rules(shared(f"xroad/schemas/{name}").read_bytes(), lambda _: None)) == expected


def test_the_recorded_description() -> None:
    document = split_http(live("meta/soap-getWsdl", "4-service-response.http"))[2]
    assert rules(document) == ["headers_missing"]


@given(st.lists(st.sampled_from([*HEADERS, "other"]), unique=True))
def test_exactly_the_missing_headers_are_told(headers: list[str]) -> None:
    document = ONE.replace(bound("getPerson"), bound("getPerson", headers=tuple(headers)))
    missing = [name for name in ("client", "service", "id", "protocolVersion") if name not in headers]
    found = lint_wsdl(document.encode())
    assert [finding.values["headers"] for finding in found] == ([", ".join(missing)] if missing else [])


def test_a_finding_without_a_place_says_so() -> None:
    assert Finding(rule="not_openapi", values={"detail": "x"}).place == ""
