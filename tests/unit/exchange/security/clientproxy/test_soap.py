"""SOAP calls of information systems: what is refused and how it is told, and that nothing but bytes goes through.

Source: message-path dossier s.2.7, s.9.5.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes import instance_seen as seen
from tests.fakes import soap_exchange as soap
from tests.fakes.soap_exchange import GET_PERSON, XML, call, envelope, related, soap_pair

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.message.soap import ENVELOPE_BYTES_MAX
from lienthong.exchange.messagelog.record import BodyState, Side
from lienthong.exchange.security.attachments import MAX_ATTACHMENTS
from lienthong.exchange.security.bodies import SMALL_BODY
from lienthong.exchange.security.receiving import SMALL_MESSAGE

LOGGED = [("client", False), ("server", False), ("server", True), ("client", True)]


def test_a_call_is_logged_at_each_step_and_delivered(tmp_path: Path) -> None:
    pair = soap_pair(tmp_path)
    told = call(pair)
    assert (told.status, told.content_type) == (200, XML)
    assert told.message.request_hash is not None
    assert soap.kinds(pair) == LOGGED
    assert [record.is_rest for record in pair.logged] == [False] * 4
    assert pair.logged[3].message == told.body


def test_what_the_system_sent_is_signed_and_served_unchanged(tmp_path: Path) -> None:
    """A byte-order mark, blanks and comments too."""
    pair = soap_pair(tmp_path)
    sent = b"\xef\xbb\xbf" + envelope() + b"\n<!-- end -->\n"
    assert call(pair, sent).message.message_id == "VN-1"
    assert pair.logged[0].message == pair.served[0] == sent
    assert sent in pair.sent[0]


def test_between_the_servers_go_the_soap_action_and_the_content_type_as_received(tmp_path: Path) -> None:
    pair = soap_pair(tmp_path)
    call(pair, content_type="text/xml;charset=utf-8", headers=[(b"SOAPAction", b'"urn:x"')])
    hop = dict(pair.hops[0])
    assert hop[b"x-original-content-type"] == b"text/xml;charset=utf-8"
    assert hop[b"x-original-soapaction"] == b'"urn:x"'
    assert b"x-road-message-type" not in hop
    assert dict(pair.asked[0].headers)[b"SOAPAction"] == b'"urn:x"'


NO_PART = "multipart/related; boundary=b"
REFUSED = {
    "get": ({"method": "GET", "target": b"/r9/VN/GOV/1/a/b"}, "client.invalid_http_method"),
    "foreign type": ({"content_type": "blah"}, "client.invalid_content_type"),
    "no type": ({"content_type": None}, "client.invalid_content_type"),
    "a type that is none in an envelope's part": (
        {"body": related(envelope(), part_type="text/plain")[1], "content_type": related(b"")[0]},
        "client.invalid_content_type",
    ),
    "an attachment without a type": (
        {
            "body": related(envelope(), b"x")[1].replace(b"Content-Type: application/octet-stream\r\n", b""),
            "content_type": related(b"")[0],
        },
        "client.invalid_content_type",
    ),
    "no boundary": ({"content_type": "multipart/related"}, "client.invalid_content_type"),
    "soap action": ({"headers": [(b"SOAPAction", b"no quotes")]}, "client.invalid_soap_action"),
    "a multipart of nothing": ({"body": b"", "content_type": NO_PART}, "client.missing_soap"),
    "nothing": ({"body": b""}, "client.invalid_soap"),
    "a fault": (
        {"body": envelope(body="<S:Fault><faultcode>code</faultcode><faultstring>s</faultstring></S:Fault>")},
        "client.code",
    ),
    "another's member": ({"body": envelope(client=ClientId("VN", "GOV", "?"))}, "server.clientproxy.unknown_member"),
    "an unknown provider": (
        {"body": envelope(service=GET_PERSON._replace(client=ClientId("VN", "GOV", "x", "y")))},
        "server.clientproxy.unknown_member",
    ),
    "an unknown server": (
        {
            "body": envelope(
                more='<x:securityServer i:objectType="SERVER"><i:xRoadInstance>VN</i:xRoadInstance>'
                "<i:memberClass>GOV</i:memberClass><i:memberCode>1</i:memberCode><i:serverCode>z</i:serverCode>"
                "</x:securityServer>"
            )
        },
        "server.clientproxy.invalid_security_server",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_a_soap_fault_with_status_200(tmp_path: Path, name: str) -> None:
    asked, code = REFUSED[name]
    pair = soap_pair(tmp_path)
    told = call(pair, **asked)  # type: ignore[arg-type]  # names of call
    assert told.fault.code == code
    assert told.headers == {"content-type": "text/xml;charset=utf-8", "soapaction": ""}
    assert (pair.sent, pair.logged) == ([], [])


def test_a_server_that_the_request_names_is_asked(tmp_path: Path) -> None:
    named = (
        '<x:securityServer i:objectType="SERVER"><i:xRoadInstance>VN</i:xRoadInstance><i:memberClass>GOV'
        "</i:memberClass><i:memberCode>000.00.00.G01</i:memberCode><i:serverCode>ss1</i:serverCode></x:securityServer>"
    )
    assert call(soap_pair(tmp_path), envelope(more=named)).message.message_id == "VN-1"


def test_a_security_token_goes_through_and_is_not_read(tmp_path: Path) -> None:
    token = (
        '<t:securityToken xmlns:t="http://x-road.eu/xsd/security-token.xsd" tokenType="urn:jwt">abc</t:securityToken>'
    )
    pair = soap_pair(tmp_path)
    assert call(pair, envelope(more=token)).message.message_id == "VN-1"
    assert token.encode() in pair.served[0]


@pytest.mark.parametrize("size", [0, 3, SMALL_BODY + 1, 2 * SMALL_MESSAGE])
def test_attachments_reach_the_service_with_their_headers_and_are_signed_by_number(tmp_path: Path, size: int) -> None:
    """Type and boundary are the system's own. Source: recordings ``soap/attachment``."""
    pair = soap_pair(tmp_path)
    content_type, body = related(envelope(), b"\0" * size, b"\r\n--MIME?\r\n")
    assert call(pair, body, content_type).message.message_id == "VN-1"
    assert dict(pair.asked[0].headers)[b"Content-Type"].decode() == content_type
    assert pair.served[0] == body.replace(b"Content-Type: ", b"content-type:")
    chain = pair.logged[0].hash_chain or b""
    assert b"/attachment2" in chain
    assert b"/attachment3" not in chain
    assert (pair.logged[0].body, pair.logged[0].body_state) == (None, BodyState.NONE)


def test_a_message_of_an_envelope_alone_goes_on_as_an_envelope(tmp_path: Path) -> None:
    pair = soap_pair(tmp_path)
    content_type, body = related(envelope(), part_type='application/xop+xml; type="text/xml"')
    assert call(pair, body, content_type).message.message_id == "VN-1"
    assert dict(pair.asked[0].headers)[b"Content-Type"].decode() == XML
    assert pair.logged[0].hash_chain is None


def test_answers_with_attachments_have_the_boundary_that_the_service_chose(tmp_path: Path) -> None:
    answer_type, answer = related(soap.response_to(envelope()), b"photo", boundary="jetty2011231801")
    told = call(soap_pair(tmp_path, service_answer=soap.answering(answer, answer_type)))
    assert told.content_type == answer_type
    parts = soap.parts_of(told.content_type, told.body)
    assert [content for _, content in parts[1:]] == [b"photo"]
    assert parts[1][0].further_headers == b"Content-Transfer-Encoding: binary\r\nContent-ID: <a1>\r\n"
    assert told.message.request_hash is not None


@pytest.mark.parametrize(
    ("content_type", "told"),
    [
        ("text/xml", XML),
        ("text/xml;charset=utf-8", XML),
        ("text/xml; charset=ISO-8859-1", "text/xml; charset=ISO-8859-1"),
    ],
)
def test_the_charset_of_an_answer_is_told_as_it_is(tmp_path: Path, content_type: str, told: str) -> None:
    charset = "ISO-8859-1" if "ISO" in content_type else "UTF-8"
    text = soap.response_to(envelope()).decode().replace("001088000018", "Hòa").replace("UTF-8", charset)
    answered = call(soap_pair(tmp_path, service_answer=soap.answering(text.encode(charset), content_type)))
    assert answered.content_type == told
    assert "Hòa".encode(charset) in answered.body


def test_one_attachment_too_many_is_refused(tmp_path: Path) -> None:
    content_type, body = related(envelope(), *[b""] * (MAX_ATTACHMENTS + 1))
    assert call(soap_pair(tmp_path), body, content_type).fault.code == "client.invalid_message"


def test_an_envelope_that_is_too_large_is_refused(tmp_path: Path) -> None:
    huge = envelope() + b" " * ENVELOPE_BYTES_MAX
    assert call(soap_pair(tmp_path), *reversed(related(huge, b"x"))).fault.code == "client.invalid_soap"
    assert call(soap_pair(tmp_path), huge).fault.code == "client.invalid_soap"


def test_attachments_over_the_limit_of_bodies_are_refused(tmp_path: Path) -> None:
    pair = soap_pair(tmp_path, extra="\n[limits]\nbody_bytes = 6\n")
    content_type, body = related(envelope(), b"abc", b"def")
    assert call(pair, body, content_type).message.message_id == "VN-1"
    content_type, body = related(envelope(), b"abc", b"defg")
    assert call(pair, body, content_type).fault.code == "client.invalid_request"


def test_a_disk_that_takes_no_more_is_not_the_systems_fault(tmp_path: Path) -> None:
    pair = soap_pair(tmp_path / "spool")
    content_type, body = related(envelope(), b"x" * (SMALL_BODY + 1))
    (tmp_path / "spool").rmdir()
    assert call(pair, body, content_type).fault.code == "server.clientproxy.io_error"


@pytest.mark.parametrize("refusing", [0, 3])
def test_what_cannot_be_logged_does_not_pass(tmp_path: Path, refusing: int) -> None:
    pair = soap_pair(tmp_path, log_refuses=refusing)
    assert call(pair).fault.code == "server.clientproxy.logging_failed"
    assert len(pair.sent) == (0 if refusing == 0 else 1)


def test_nothing_passes_while_the_log_is_shut(tmp_path: Path) -> None:
    pair = soap_pair(tmp_path, gate=Fault("mlog.timestamping_failed", "since yesterday"))
    assert call(pair).fault.code == "server.clientproxy.mlog.timestamping_failed"


def test_a_member_whose_key_cannot_sign_is_told(tmp_path: Path) -> None:
    own = soap.snapshot_of()
    signers = {member: signer for member, signer in own.signers.items() if member != seen.ONESTOP.member}
    assert (
        call(soap_pair(tmp_path, own=replace(own, signers=signers))).fault.code == "server.clientproxy.internal_error"
    )


def test_envelopes_up_to_the_limit_of_the_log_are_kept_and_longer_ones_refused(tmp_path: Path) -> None:
    size = len(envelope())
    pair = soap_pair(tmp_path, extra=f"\n[limits]\nloggable_body_bytes = {size}\n")
    call(pair)
    assert pair.logged[0].message == envelope()
    assert call(pair, envelope() + b" ").fault.code == "server.clientproxy.logging_failed"
    assert len(pair.sent) == 1


def test_of_a_longer_envelope_the_headers_may_be_kept(tmp_path: Path) -> None:
    limits = f"\n[limits]\nloggable_body_bytes = {len(envelope())}\ntruncated_body_allowed = true\n"
    pair = soap_pair(tmp_path, extra=limits)
    call(pair, envelope() + b" ")
    assert pair.logged[0].body_state is BodyState.WITHHELD
    assert b"001088000018" not in pair.logged[0].message


def test_without_logging_of_bodies_headers_are_kept_and_the_size_of_attachments_is_free(tmp_path: Path) -> None:
    pair = soap_pair(tmp_path, extra="\n[log]\nbody_logging = false\n[limits]\nloggable_body_bytes = 0\n")
    content_type, body = related(envelope(), b"x" * 1000)
    assert call(pair, body, content_type).message.message_id == "VN-1"
    assert [record.body_state for record in pair.logged] == [BodyState.WITHHELD] * 4
    assert not any(b"001088000018" in record.message for record in pair.logged)
    assert b"requestHash" in pair.logged[2].message
    assert pair.logged[0].body_size == len(envelope())


def test_the_figures_name_the_service_and_its_version(tmp_path: Path) -> None:
    pair = soap_pair(tmp_path)
    call(pair, envelope(service=GET_PERSON._replace(service_version="v2")))
    assert {failure.service for failure in pair.failures} == {"VN/GOV/000.00.00.G01/legacy/getPerson/v2"}
    assert {failure.side for failure in pair.failures} == {Side.SERVER.value, Side.CLIENT.value}
