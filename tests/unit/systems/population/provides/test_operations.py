import json
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.systems.population.register import BINH, DAO, DAY, HEADERS, NOBODY, SECRET

from lienthong.systems.foundation.access.models import AccessEvent
from lienthong.systems.foundation.configuration import SystemConfig
from lienthong.systems.foundation.legal_day import instant_now
from lienthong.systems.population.access_keys import make_link
from lienthong.systems.population.provides.operations import api
from lienthong.systems.population.provides.schemas import PersonBody

client = Client(SERVER_NAME="localhost")
CLAIM = {"number": DAO.digits, "name": "NGUYEN THI DAO", "date_of_birth": "1985-02-03", "sex": "2"}
pytestmark = pytest.mark.usefixtures("register")


def _get(path: str, **headers: str) -> Any:
    return client.get(path, headers={**HEADERS, **headers})


def _verify(**claim: object) -> Any:
    return client.post("/identity-verifications", {**CLAIM, **claim}, content_type="application/json", headers=HEADERS)


def test_an_identity_is_verified_field_by_field() -> None:
    assert _verify().json() == {"confirmed": True, "name": True, "date_of_birth": True, "sex": True}
    assert _verify(name="Trần Thị Đào").json() == {
        "confirmed": False,
        "name": False,
        "date_of_birth": True,
        "sex": True,
    }


def test_nobody_and_a_stranger_look_the_same() -> None:
    nobody, stranger = _verify(number=NOBODY.digits), _verify(number=BINH.digits)
    assert (nobody.status_code, nobody.content) == (stranger.status_code, stranger.content)


def test_a_person_is_shown_in_the_callers_language() -> None:
    person = _get(f"/persons/{DAO}").json()
    assert person["name"] == {"full": "Nguyễn Thị Đào", "family": "Nguyễn", "middle": "Thị", "given": "Đào"}
    assert person["sex"] == {"code": "2", "text": "Nữ"}
    assert person["residence"]["place"].endswith("Tỉnh Bình Phước")
    english = _get(f"/persons/{DAO}", **{"Accept-Language": "en"}).json()
    assert english["residence"]["place"].endswith("Binh Phuoc Province")
    assert english["marital_status"]["text"] == "Married"


def test_a_commune_no_longer_in_force_keeps_its_code() -> None:
    with override_settings(SYSTEM=SystemConfig(data_folder=Path("unused"))):
        residence = _get(f"/persons/{BINH}").json()["residence"]
    assert residence["commune_code"] == "00001"


def test_a_household_is_shown_with_its_members() -> None:
    household = _get(f"/persons/{DAO}/household").json()
    assert [member["relation"]["code"] for member in household["members"]] == ["head", "spouse", "child"]


def test_reads_are_listed_with_the_name_of_the_agency() -> None:
    _get(f"/persons/{DAO}")
    listed = _get(f"/persons/{DAO}/access-events?limit=1").json()
    assert listed["events"][0]["client_name"] == "Ủy ban nhân dân tỉnh Bình Phước"
    assert listed["events"][0]["data_classes"] == ["basic", "residence"]
    earlier = _get(f"/persons/{DAO}/access-events?before={listed['next_before']}").json()
    assert earlier == {"events": [], "next_before": None}


@pytest.mark.parametrize(
    ("path", "code"),
    [(f"/persons/{NOBODY}", "person_not_found"), (f"/persons/{NOBODY}/household", "household_not_found")],
)
def test_a_person_not_found_is_a_problem_with_its_cure(path: str, code: str) -> None:
    answer = _get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert answer.json()["cure"]


PERSONAL = [f"/persons/{DAO}", f"/persons/{DAO}/household", f"/persons/{DAO}/access-events"]


@pytest.mark.parametrize("missing", ["X-Road-UserId", "X-Road-Issue", "X-Road-Client", "X-Road-Id"])
@pytest.mark.parametrize("path", PERSONAL)
def test_nothing_is_said_about_a_person_without_a_purpose(path: str, missing: str) -> None:
    answer = client.get(path, headers={name: value for name, value in HEADERS.items() if name != missing})
    assert answer.status_code in {400, 403}
    assert missing in answer.json()["place"]
    assert not AccessEvent.objects.exists()


@pytest.mark.parametrize("number", ["1", "abc", "003085000001"])
def test_a_malformed_number_is_explained_without_being_repeated(number: str) -> None:
    answer = _get(f"/persons/{number}")
    assert answer.status_code == 400
    assert answer.json()["place"] == "Số định danh trong đường dẫn"
    assert _verify(number=number).json()["place"] == "Trường number"


@pytest.mark.parametrize(("field", "value"), [("sex", "3"), ("date_of_birth", "1985-02-30"), ("name", ""), ("more", 1)])
def test_a_malformed_claim_names_its_field(field: str, value: object) -> None:
    answer = _verify(**{field: value})
    assert (answer.status_code, answer.json()["place"]) == (400, f"Trường {field}")


def test_health_needs_no_caller() -> None:
    assert client.get("/health").json() == {"status": "ready"}


def test_the_committed_document_is_the_generated_one(tmp_path: Path) -> None:
    call_command("write_openapi", str(tmp_path / "openapi.json"))
    committed = files("lienthong.systems.population.provides").joinpath("openapi.json").read_text(encoding="utf-8")
    assert (tmp_path / "openapi.json").read_text(encoding="utf-8") == committed


def test_every_operation_but_health_documents_its_refusals() -> None:
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["operationId"]
            assert path == "/health" or {"400", "403"} <= set(operation["responses"])


def test_no_more_is_given_than_procedures_need() -> None:
    assert not {"religion", "blood_group", "father", "mother"} & set(PersonBody.model_fields)


STRANGER = "10.1.2.3"


@pytest.mark.parametrize(
    "headers", [HEADERS, {**HEADERS, "X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"}, {}]
)
@pytest.mark.parametrize("path", [f"/persons/{DAO}", f"/persons/{DAO}/household", f"/persons/{DAO}/access-events"])
def test_who_is_not_the_security_server_learns_nothing_whatever_it_writes(path: str, headers: dict[str, str]) -> None:
    answer = client.get(path, headers=headers, REMOTE_ADDR=STRANGER)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_the_security_server")
    assert not AccessEvent.objects.exists()


def test_a_stranger_may_ask_for_health_and_open_pages() -> None:
    assert client.get("/health", REMOTE_ADDR=STRANGER).status_code == 200
    link = make_link(DAO, secret=SECRET, expires=instant_now() + timedelta(days=1))
    assert client.get(f"/own-access/{link}", REMOTE_ADDR=STRANGER).status_code == 200


def test_the_address_is_looked_at_before_the_body() -> None:
    answer = client.post("/identity-verifications", b"{", content_type="application/json", REMOTE_ADDR=STRANGER)
    assert answer.status_code == 403


def test_an_administrator_names_the_security_server() -> None:
    with override_settings(SYSTEM=SystemConfig(data_folder=Path("unused"), as_of=DAY, callers=(STRANGER,))):
        assert client.get(f"/persons/{DAO}", headers=HEADERS, REMOTE_ADDR=STRANGER).status_code == 200
        assert client.get(f"/persons/{DAO}", headers=HEADERS).status_code == 403


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_CLAIMS = st.fixed_dictionaries({}, optional={name: st.just(value) | _VALUES for name, value in CLAIM.items()})
_BODIES = st.one_of(st.binary(max_size=60), st.builds(lambda value: json.dumps(value).encode(), _CLAIMS | _VALUES))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=_BODIES)
def test_any_body_is_answered_or_refused(body: bytes) -> None:
    answer = client.post("/identity-verifications", body, content_type="application/json", headers=HEADERS)
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        assert answer.json()["code"] == "malformed_request"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.text(max_size=30), limit=st.text(max_size=30), number=st.text(max_size=20))
def test_any_address_is_answered_or_refused(before: str, limit: str, number: str) -> None:
    path = f"/persons/{quote(number, safe='')}/access-events"
    answer = client.get(path, {"before": before, "limit": limit}, headers=HEADERS)
    assert answer.status_code in {200, 400, 404}


@pytest.mark.parametrize("before", ["9" * 18, "9" * 19, "9" * 40, "1" * 5000, "0", "-1", "1e3", "1.0"])
def test_a_position_beyond_counting_is_refused_or_finds_all(before: str) -> None:
    assert client.get(f"/persons/{DAO}/access-events", {"before": before}, headers=HEADERS).status_code in {200, 400}
