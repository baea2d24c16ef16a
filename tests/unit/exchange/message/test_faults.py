"""Faults: rendered as recorded servers render them, negotiated by Accept, spelt both ways."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.unit.exchange.recordings import header, live_files, split_http

from lienthong.exchange.errors import Fault, RelayedFault
from lienthong.exchange.message.fault_codes import CATALOGUE, LOG_CODES, from_any_spelling, http_status, to_old_spelling
from lienthong.exchange.message.faults import SOAP_FAULT_HEADERS, render_rest_error, render_soap_fault, told
from lienthong.exchange.message.soap import parse_soap_fault

DENIED = Fault("server.serverproxy.access_denied", "Không được phép: <a&b>", detail="ID")
OLD_AND_NEW = [
    ("Server.ServerProxy.AccessDenied", "server.serverproxy.access_denied"),
    ("Server.ClientProxy.IOError", "server.clientproxy.io_error"),
    ("Server.ServerProxy.ServiceFailed.HttpError", "server.serverproxy.service_failed.http_error"),
    ("Server.ClientProxy.ServiceFailed.InvalidContentType", "server.clientproxy.service_failed.invalid_content_type"),
    ("Server.ServerProxy.SslAuthenticationFailed", "server.serverproxy.ssl_authentication_failed"),
    (
        "Server.ServerProxy.SignatureVerification.MalformedSignature.HashChainUnusedInputs",
        "server.serverproxy.signature_verification.malformed_signature.hashchain_unused_inputs",
    ),
    ("Server.ClientProxy.OutdatedGlobalConf", "server.clientproxy.global_conf_outdated"),
    ("Signer.TokenReadOnly", "signer.token_readonly"),
    ("Signer.HSMNonOperational", "signer.hsm_non_operational"),
    ("Client.InvalidSoap", "client.invalid_soap"),
    ("Server.ServerProxy.ServiceType", "server.serverproxy.service_type"),
    ("Server.ServerProxy.SomethingNew", "server.serverproxy.something_new"),
    ("AsicMimeTypeNotFound", "asic_mime_type_not_found"),
    ("InvalidHashChain", "invalid_hash_chain"),
]


@pytest.mark.parametrize(("old", "new"), OLD_AND_NEW)
def test_both_spellings(old: str, new: str) -> None:
    assert to_old_spelling(new) == old
    assert from_any_spelling(old) == new
    assert from_any_spelling(new) == new
    assert to_old_spelling(old) == old


def test_another_spelling_of_outdated_configuration() -> None:
    assert to_old_spelling("server.clientproxy.outdated_global_conf") == "Server.ClientProxy.OutdatedGlobalConf"


@pytest.mark.parametrize(
    "code", ["", "CODE", "soap:Server", "soap:Server.Sub", "Client.a b", "client", "my_code", "x.y"]
)
def test_codes_of_services_stay_as_they_are(code: str) -> None:
    if code != "client":
        assert to_old_spelling(code) == code
    assert from_any_spelling(code) == code


@pytest.mark.parametrize("word", sorted(CATALOGUE) + sorted(LOG_CODES))
def test_every_code_has_both_spellings(word: str) -> None:
    code = f"server.{word}"
    old = to_old_spelling(code)
    assert re.fullmatch(r"Server\.[A-Za-z0-9]+", old)
    assert from_any_spelling(old) == code
    assert CATALOGUE.get(word, "message log")


@given(st.text(max_size=30))
def test_any_text_is_a_code_of_somebody(code: str) -> None:
    assert from_any_spelling(from_any_spelling(code)) == from_any_spelling(code)
    to_old_spelling(code)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("server.serverproxy.access_denied", 500),
        ("Server.ServerProxy.AccessDenied", 500),
        ("client.invalid_soap", 400),
        ("Client.InvalidSoap", 400),
        ("servers.x", 400),
        ("CODE", 400),
    ],
)
def test_status(code: str, status: int) -> None:
    assert http_status(code) == status


# --- rendering --------------------------------------------------------------------------------------------------------


def test_soap_faults_are_as_recorded() -> None:
    rendered = 0
    for pattern in ("rest/*/5-*.http", "soap/*/6-*.http", "meta/*/6-*.http", "states/*/6-*.http", "altered/*/6-*.http"):
        for file in live_files(pattern):
            _, headers, body = split_http(file.read_bytes())
            if b'<faultDetail xmlns="">' not in body or b"multipart" in header(headers, b"content-type").encode():
                continue  # no fault, one of a service, or one among parts
            fault = parse_soap_fault(body)
            assert render_soap_fault(fault.to_fault()) == body, file
            assert header(headers, b"content-type").encode() == SOAP_FAULT_HEADERS[0][1]
            rendered += 1
    assert rendered > 15


def test_rest_errors_are_as_recorded() -> None:
    rendered = 0
    for file in [*live_files("rest/*/6-consumer-response.http"), *live_files("states/*/6-consumer-response.http")]:
        first, headers, body = split_http(file.read_bytes())
        if b"X-Road-Error" not in dict(headers):
            continue
        value = json.loads(body)
        answer = render_rest_error(Fault(value["type"], value["message"], detail=value["detail"]))
        assert answer.body == body
        assert answer.status == int(first.split(b" ")[1])
        assert answer.headers == tuple(pair for pair in headers if pair[0] in {b"X-Road-Error", b"Content-Type"})
        rendered += 1
    assert rendered > 20


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ([], "application/json"),
        (["application/json"], "application/json"),
        (["*/*"], "application/json"),
        (["application/xml"], "application/xml;charset=utf-8"),
        (["text/xml"], "text/xml;charset=utf-8"),
        (["application/xml, text/xml"], "application/xml;charset=utf-8"),
        (["text/xml, application/xml"], "text/xml;charset=utf-8"),
        (["text/xml", "application/xml"], "text/xml;charset=utf-8"),
        (["text/xml-patch+xml"], "application/json"),
        (["application/xml; q=0.2"], "application/xml;charset=utf-8"),
        (["text/xml, application/xml, application/json"], "text/xml;charset=utf-8"),
        (["application/json, TEXT/XML;q=0.1"], "text/xml;charset=utf-8"),
        (["text/*"], "text/xml;charset=utf-8"),
    ],
)
def test_accept_decides_between_json_and_xml(accept: list[str], content_type: str) -> None:
    answer = render_rest_error(DENIED, accept=accept)
    assert dict(answer.headers)[b"Content-Type"].decode() == content_type
    if content_type == "application/json":
        assert json.loads(answer.body) == {"type": DENIED.code, "message": DENIED.message, "detail": "ID"}
    else:
        root = etree.fromstring(answer.body)
        assert [(child.tag, child.text) for child in root] == [
            ("type", DENIED.code),
            ("message", DENIED.message),
            ("detail", "ID"),
        ]


def test_a_code_cannot_break_out_of_its_header() -> None:
    answer = render_rest_error(Fault("a\r\nSet-Cookie: x\u1ea1", ""))
    assert answer.headers[0] == (b"X-Road-Error", b"a??Set-Cookie: x?")


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_any_texts_travel(code: str, message: str, detail: str) -> None:
    fault = Fault(code, message, detail=detail, actor=message)
    read = parse_soap_fault(render_soap_fault(fault))
    assert (read.code, read.message, read.actor, read.detail) == tuple(map(_as_xml, (code, message, message, detail)))
    for accept in ([], ["text/xml"]):
        render_rest_error(fault, accept=accept)


def _as_xml(text: str) -> str:
    kept = "".join(c if c in "\t\n\r" or (ord(c) >= 0x20 and c not in "\ufffe\uffff") else "\ufffd" for c in text)
    return kept.strip()


# --- spelling ---------------------------------------------------------------------------------------------------------


def test_our_own_fault_is_spelt_as_asked_and_gets_an_id() -> None:
    ours = Fault("server.serverproxy.access_denied", "No")
    assert told(ours, detail="id", in_old_spelling=True).code == "Server.ServerProxy.AccessDenied"
    assert told(ours, detail="id", in_old_spelling=False).code == "server.serverproxy.access_denied"
    assert told(ours, detail="id", in_old_spelling=True).detail == "id"


def test_a_relayed_fault_keeps_spelling_and_id() -> None:
    theirs = RelayedFault("server.serverproxy.access_denied", "No", detail="theirs")
    shown = told(theirs, detail="ours", in_old_spelling=True)
    assert (shown.code, shown.detail) == ("server.serverproxy.access_denied", "theirs")
