import json
from typing import Any, ClassVar

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from ninja import Schema

from lienthong.systems.foundation.operations.interface import new_interface, not_found, openapi_text
from lienthong.systems.foundation.ui.pages import ui_urls

api = new_interface(title="t", version="1", description="d", name="interface-tests")


class Body(Schema):
    """A body."""

    one: int
    two: int


@api.post("/sums", operation_id="add")
def add(request: Any, body: Body) -> int:
    """Add."""
    return body.one + body.two


@api.get("/failures", operation_id="fail")
def fail(request: Any) -> int:
    """Fail, quoting somebody."""
    raise RuntimeError("001085000001")


@api.get("/limits", operation_id="limit")
def limit(request: Any, most: int) -> str:
    """Echo."""
    return f"đến {most}"


class Urls:
    urlpatterns: ClassVar = [*ui_urls, path("", api.urls)]
    handler404 = staticmethod(not_found)


@pytest.fixture(autouse=True)
def _urls() -> Any:
    with override_settings(ROOT_URLCONF=Urls):
        yield


client = Client(raise_request_exception=False, SERVER_NAME="localhost")


def test_all_faults_of_a_request_are_told_at_once() -> None:
    answer = client.post("/sums", data={"one": "x"}, content_type="application/json")
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert body["place"] == "Trường one"
    assert body["others"] == [{"place": "Trường two", "cause": "Thiếu giá trị bắt buộc."}]


def test_a_fault_in_the_address_is_placed_there() -> None:
    answer = client.get("/limits?most=x", headers={"Accept-Language": "en"})
    assert (answer.json()["place"], answer["Content-Language"]) == ("Field most", "en")


def test_a_body_that_is_no_json_is_a_problem_too() -> None:
    answer = client.post("/sums", data="{", content_type="application/json")
    assert (answer.status_code, answer.json()["cause"]) == (400, "Nội dung không phải JSON hợp lệ.")


def test_a_failure_of_ours_tells_the_message_id_and_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    answer = client.get("/failures", headers={"X-Road-Id": "m9"})
    assert (answer.status_code, answer.json()["message_id"]) == (500, "m9")
    assert "001085000001" not in answer.content.decode()


def test_an_unknown_address_answers_programs_in_json_and_readers_with_a_page() -> None:
    assert client.get("/nowhere").json()["code"] == "no_such_operation"
    assert not_found(RequestFactory(headers={"Accept": "text/html"}).get("/x"))["Content-Type"].startswith("text/html")


def test_vietnamese_letters_are_not_escaped() -> None:
    assert "đến 3" in client.get("/limits?most=3").content.decode()


def test_the_document_is_sorted_and_ends_in_a_newline() -> None:
    text = openapi_text(api)
    document = json.loads(text)
    assert text == json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert set(document["paths"]) == {"/sums", "/failures", "/limits"}
