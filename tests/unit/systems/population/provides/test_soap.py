"""The register's SOAP operation: the same answers as its REST one, refusals as faults."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from tests.unit.systems.population.register import DAO, HEADERS, NOBODY

from lienthong.exchange.connector import SoapFault, UnreachableError
from lienthong.exchange.connector.answers import Answer
from lienthong.exchange.connector.soap import SoapAnswer, SoapCall, SoapOptions, build_soap_call, read_soap_answer
from lienthong.exchange.identifiers import parse_client
from lienthong.systems.foundation.access.models import AccessEvent
from lienthong.systems.foundation.configuration import SystemConfig

client = Client(SERVER_NAME="localhost")
pytestmark = pytest.mark.usefixtures("register")
CLAIM = {"number": DAO.digits, "name": "NGUYEN THI DAO", "date_of_birth": "1985-02-03", "sex": "2"}
SERVICE = "VN/GOV/000.00.00.G01/population/verifyIdentity/v1"
PURPOSE = SoapOptions(officer=HEADERS["X-Road-UserId"], purpose=HEADERS["X-Road-Issue"], message_id="m1")


def asking(fields: dict[str, str], options: SoapOptions = PURPOSE, *, name: str = "verifyIdentity") -> SoapCall:
    inside = "".join(f"<{field}>{value}</{field}>" for field, value in fields.items())
    payload = f'<{name} xmlns="urn:vn:population">{inside}</{name}>'.encode()
    return build_soap_call(parse_client(HEADERS["X-Road-Client"]), SERVICE, payload, options)


def asked(call: SoapCall) -> SoapAnswer:
    answer: Any = client.post("/soap", call.body, content_type=call.content_type)
    headers = (("Content-Type", answer["Content-Type"]),)
    return read_soap_answer(
        Answer(status=answer.status_code, headers=headers, body=answer.content, message_id="m1"), call
    )


def told(answer: SoapAnswer) -> dict[str, str | None]:
    return {element.tag.partition("}")[2]: element.text for element in answer.body}


def test_a_claim_is_answered_field_by_field() -> None:
    right = {"confirmed": "true", "name": "true", "date_of_birth": "true", "sex": "true"}
    assert told(asked(asking(CLAIM))) == right
    assert told(asked(asking({**CLAIM, "name": "Trần Thị Đào"}))) == {**right, "confirmed": "false", "name": "false"}
    assert set(told(asked(asking({**CLAIM, "number": NOBODY.digits}))).values()) == {"false"}


def test_the_answer_leaves_the_same_event_as_over_rest() -> None:
    asked(asking(CLAIM))
    event = AccessEvent.objects.latest("id")
    assert (event.operation, event.message_id, event.officer) == ("verify_identity", "m1", HEADERS["X-Road-UserId"])


REFUSED = {
    "no purpose": (asking(CLAIM, SoapOptions(officer="an")), "purpose_missing", "Tiêu đề X-Road-Issue"),
    "no officer": (asking(CLAIM, SoapOptions(purpose="HS-1")), "purpose_missing", "Tiêu đề X-Road-UserId"),
    "another operation": (asking(CLAIM, name="verifyIdentityTwice"), "no_such_operation", "Đường dẫn"),
    "a field is missing": (asking({"number": DAO.digits}), "malformed_request", "Trường name"),
    "a field too many": (asking({**CLAIM, "age": "40"}), "malformed_request", "Trường age"),
    "no number at all": (asking({**CLAIM, "number": "1"}), "malformed_request", "Trường number"),
}


@pytest.mark.parametrize(("call", "code", "place"), REFUSED.values(), ids=REFUSED)
def test_refused(call: SoapCall, code: str, place: str) -> None:
    with pytest.raises(SoapFault) as caught:
        asked(call)
    assert (caught.value.code, caught.value.detail) == ("SOAP-ENV:Client", code)
    assert caught.value.message.startswith(place)
    assert not AccessEvent.objects.exists()


def test_only_the_security_server_may_ask() -> None:
    with (
        override_settings(SYSTEM=SystemConfig(data_folder=Path("unused"), callers=("10.0.0.1",))),
        pytest.raises(SoapFault) as caught,
    ):
        asked(asking(CLAIM))
    assert caught.value.detail == "not_the_security_server"


def test_what_is_no_envelope_is_refused() -> None:
    answer: Any = client.post("/soap", b"blah", content_type="text/xml")
    assert answer.status_code == 500
    assert b"malformed_request" in answer.content
    with pytest.raises(UnreachableError):
        read_soap_answer(Answer(status=200, headers=(), body=b"blah", message_id="m1"))


def test_a_question_in_chunks_is_read() -> None:
    """As our provider's server sends it, without a length."""
    call = asking(CLAIM)
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": io.BytesIO(bytes(call.body)), "CONTENT_LENGTH": ""}  # type: ignore[arg-type]
    answer: Any = client.generic("POST", "/soap", b"", content_type=call.content_type, **chunked)
    assert b"<confirmed>true</confirmed>" in answer.content


def test_a_question_without_end_is_refused() -> None:
    endless = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": io.BytesIO(b"x" * 3_000_000)}
    answer: Any = client.generic("POST", "/soap", b"", content_type="text/xml", **endless)
    assert b"malformed_request" in answer.content


def test_the_wsdl_is_given_to_anyone() -> None:
    answer: Any = client.get("/soap")
    assert answer.status_code == 200
    assert b'<wsdl:operation name="verifyIdentity">' in answer.content
