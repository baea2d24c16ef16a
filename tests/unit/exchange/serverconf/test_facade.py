import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.serverconf.facade import FacadeCall, is_facade_target, translate_facade
from lienthong.exchange.serverconf.settings import FacadeSettings

FORWARD = "/XrdAdapter/RestService/forward"
PROVIDER = "dstcode=VN:GOV:000.00.00.G22:vpcpdvcprovider"
HEADER = [("x-road-client", "VN/GOV/000.00.00.H10/mcdt")]
PLAIN = FacadeSettings(enabled=True)
MAPPED = FacadeSettings(
    enabled=True,
    client=ClientId("VN", "GOV", "000.00.00.H10", "một cửa"),
    services=(("http://10.0.0.1/VXPAdapter/", "vxp"),),
)

CASES = [
    (f"{FORWARD}/mapi/login?{PROVIDER}&providerurl=http://dvc.gov.vn/mapi", "mapi/mapi/login"),
    (f"{FORWARD}?{PROVIDER}&providerurl=https%3A%2F%2Fdvc.gov.vn%2Fapi%2Fdossier%2F", "dossier"),
    (f"/anything{FORWARD}/a%2Fb/?x=1&{PROVIDER}&providerurl=http://h/s&y=%C3%A1", "s/a%2Fb/?x=1&y=%C3%A1"),
    (f"{FORWARD}/?providerurl=http://h/s&{PROVIDER}", "s/"),
    (f"{FORWARD}/x?{PROVIDER}&providerurl=http://10.0.0.1/VXPAdapter/", "vxp/x"),
]


@pytest.mark.parametrize(("target", "rest"), CASES)
def test_a_forward_becomes_a_rest_call(target: str, rest: str) -> None:
    assert is_facade_target(target)
    call = translate_facade(target, HEADER, facade=MAPPED)
    assert isinstance(call, FacadeCall)
    assert call.target == f"/r1/VN/GOV/000.00.00.G22/vpcpdvcprovider/{rest}"
    assert call.headers == (("X-Road-Client", "VN/GOV/000.00.00.H10/mcdt"),)


def test_the_default_client_speaks_where_nobody_is_named() -> None:
    call = translate_facade(f"{FORWARD}/x?{PROVIDER}&providerurl=http://h/s", [("Accept", "*/*")], facade=MAPPED)
    assert isinstance(call, FacadeCall)
    expected = "VN/GOV/000.00.00.H10/m%E1%BB%99t%20c%E1%BB%ADa"
    assert call.headers == (("Accept", "*/*"), ("X-Road-Client", expected))


REFUSED = [
    (f"{FORWARD}/x?providerurl=http://h/s", "'dstcode' exactly once"),
    (f"{FORWARD}/x?{PROVIDER}&{PROVIDER}&providerurl=http://h/s", "'dstcode' exactly once"),
    (f"{FORWARD}/x?dstcode=VN:GOV:000.00.00.G22&providerurl=http://h/s", "INSTANCE:CLASS:CODE:SUBSYSTEM"),
    (f"{FORWARD}/x?dstcode=VN:GOV::x&providerurl=http://h/s", "member_code"),
    (f"{FORWARD}/x?{PROVIDER}", "'providerurl' exactly once"),
    (f"{FORWARD}/x?{PROVIDER}&providerurl=http://h/", "names no service"),
    (f"{FORWARD}/x?{PROVIDER}&providerurl=http://[/x", "is no address"),
    (f"{FORWARD}/x?{PROVIDER}&providerurl=http://h/s", "who calls"),
]


@pytest.mark.parametrize(("target", "cause"), REFUSED)
def test_a_refusal_names_what_is_missing(target: str, cause: str) -> None:
    fault = translate_facade(target, [], facade=PLAIN)
    assert isinstance(fault, Fault)
    assert fault.code == "invalid_request"
    assert cause in fault.message


@pytest.mark.parametrize("target", ["/r1/VN/GOV/1/s/x", "/XrdAdapter/RestService/forwarded", "/?x=" + FORWARD])
def test_other_targets_are_left_alone(target: str) -> None:
    assert not is_facade_target(target)


@given(st.text(max_size=60))
def test_any_query_is_translated_or_refused(query: str) -> None:
    result = translate_facade(f"{FORWARD}/x?{PROVIDER}&{query}", HEADER, facade=PLAIN)
    assert isinstance(result, FacadeCall | Fault)
