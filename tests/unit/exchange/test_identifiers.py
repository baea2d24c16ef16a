"""Identifiers in every encoding of message-path dossier s.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.identifiers import (
    ClientId,
    GlobalGroupId,
    Identifier,
    IdentifierError,
    LocalGroupId,
    SecurityServerId,
    ServiceId,
    decode_client,
    decode_segment,
    decode_server,
    decode_service,
    encode_path,
    parse_client,
    parse_server,
    parse_service,
    short_form,
)

MEMBER = ClientId("VN", "GOV", "000.00.00.G01")
SUBSYSTEM = ClientId("VN", "GOV", "000.00.00.G01", "population")
SERVICE = ServiceId(SUBSYSTEM, "citizens")
SERVER = SecurityServerId(MEMBER, "ss2")


@pytest.mark.parametrize(
    ("identifier", "text", "object_type"),
    [
        (MEMBER, "MEMBER:VN/GOV/000.00.00.G01", "MEMBER"),
        (SUBSYSTEM, "SUBSYSTEM:VN/GOV/000.00.00.G01/population", "SUBSYSTEM"),
        (SERVICE, "SERVICE:VN/GOV/000.00.00.G01/population/citizens", "SERVICE"),
        (ServiceId(SUBSYSTEM, "get", "v1"), "SERVICE:VN/GOV/000.00.00.G01/population/get/v1", "SERVICE"),
        (ServiceId(MEMBER, "get"), "SERVICE:VN/GOV/000.00.00.G01/get", "SERVICE"),
        (SERVER, "SERVER:VN/GOV/000.00.00.G01/ss2", "SERVER"),
        (GlobalGroupId("VN", "ubnd"), "GLOBALGROUP:VN/ubnd", "GLOBALGROUP"),
        (LocalGroupId("friends"), "LOCALGROUP:friends", "LOCALGROUP"),
    ],
)
def test_texts_for_logs(identifier: Identifier, text: str, object_type: str) -> None:
    assert str(identifier) == text
    assert identifier.object_type == object_type
    assert short_form(identifier) == text.partition(":")[2]


def test_equality_is_exact() -> None:
    assert ClientId("VN", "GOV", "1", "a") == ClientId("VN", "GOV", "1", "a")
    assert ClientId("VN", "GOV", "1", "a") != ClientId("VN", "GOV", "1", "A")
    assert MEMBER != SUBSYSTEM
    assert ServiceId(SUBSYSTEM, "get") != ServiceId(SUBSYSTEM, "get", "v1")
    assert GlobalGroupId("VN", "x") != LocalGroupId("x")


def test_the_weaker_relation_looks_at_the_member_only() -> None:
    assert SUBSYSTEM.is_same_member(MEMBER)
    assert MEMBER.is_same_member(ClientId("VN", "GOV", "000.00.00.G01", "legacy"))
    assert not SUBSYSTEM.is_same_member(ClientId("VN", "COM", "000.00.00.G01", "population"))
    assert SUBSYSTEM.member == MEMBER
    assert MEMBER.member is MEMBER


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
def test_blank_parts_are_refused(blank: str) -> None:
    makers = [
        lambda: ClientId(blank, "GOV", "1"),
        lambda: ClientId("VN", blank, "1"),
        lambda: ClientId("VN", "GOV", blank),
        lambda: ClientId("VN", "GOV", "1", blank),
        lambda: ServiceId(SUBSYSTEM, blank),
        lambda: SecurityServerId(MEMBER, blank),
        lambda: GlobalGroupId(blank, "x"),
        lambda: GlobalGroupId("VN", blank),
        lambda: LocalGroupId(blank),
    ]
    for make in makers:
        with pytest.raises(IdentifierError):
            make()


def test_a_server_is_owned_by_a_member() -> None:
    with pytest.raises(IdentifierError, match="member"):
        SecurityServerId(SUBSYSTEM, "ss2")


def test_decoding() -> None:
    assert decode_client("VN/GOV/000.00.00.G01") == MEMBER
    assert decode_client("VN/GOV/000.00.00.G01/population") == SUBSYSTEM
    assert decode_server("VN/GOV/000.00.00.G01/ss2") == SERVER
    assert decode_service("VN/GOV/000.00.00.G01/population/citizens") == SERVICE
    assert decode_client("VN/GOV/1/sub%2Fsystem").subsystem_code == "sub/system"
    assert decode_segment("H%E1%BB%99%20t%e1%bb%8bch") == "Hộ tịch"
    assert decode_segment("-._~!$&'()*+,;=:@") == "-._~!$&'()*+,;=:@"


@pytest.mark.parametrize("segment", ["a b", "%", "%2", "%zz", "%ff", "é", "a/b", "a?b", "a#b", '"', "a\n", "%C3"])
def test_segments_that_are_not_encoded(segment: str) -> None:
    with pytest.raises(IdentifierError):
        decode_segment(segment)


@pytest.mark.parametrize("text", ["", "VN", "VN/GOV", "VN/GOV/", "VN//1", "VN/GOV/1/a/b", "VN/GOV/1/%20", " VN/GOV/1 "])
def test_texts_that_are_no_client(text: str) -> None:
    with pytest.raises(IdentifierError):
        decode_client(text)


@pytest.mark.parametrize("text", ["VN/GOV/1", "VN/GOV/1/s/x", ""])
def test_texts_that_are_no_server_or_service(text: str) -> None:
    with pytest.raises(IdentifierError):
        decode_server(text)
    with pytest.raises(IdentifierError):
        decode_service(text + "/a/b/c")


def test_settings_and_interfaces_write_without_escaping() -> None:
    assert parse_client("VN/GOV/000.00.00.G01/population") == SUBSYSTEM
    assert parse_client("VN:GOV:000.00.00.G01", separator=":") == MEMBER
    assert parse_server("VN/GOV/000.00.00.G01/ss2") == SERVER
    assert parse_server("VN:GOV:000.00.00.G01:ss2", separator=":") == SERVER
    for text in ("VN", "VN/GOV/1/a/b"):
        with pytest.raises(IdentifierError):
            parse_client(text)
        with pytest.raises(IdentifierError):
            parse_server(text)


def test_the_encoder_leaves_what_a_path_segment_may_hold() -> None:
    client = ClientId("VN", "-._~!$'()*,;&=@:+", "a/b %?#", "Hộ tịch")
    assert encode_path(client) == "VN/-._~!$'()*,;&=@:+/a%2Fb%20%25%3F%23/H%E1%BB%99%20t%E1%BB%8Bch"


codes = st.text(st.characters(codec="utf-8"), min_size=1, max_size=10).filter(lambda text: bool(text.strip()))


@given(codes, codes, codes, st.none() | codes)
def test_any_client_travels(instance: str, member_class: str, member_code: str, subsystem: str | None) -> None:
    client = ClientId(instance, member_class, member_code, subsystem)
    assert decode_client(encode_path(client)) == client


@given(codes, codes, codes, codes, codes)
def test_any_service_and_server_travel(instance: str, group: str, member: str, subsystem: str, code: str) -> None:
    service = ServiceId(ClientId(instance, group, member, subsystem), code)
    server = SecurityServerId(service.client.member, code)
    assert decode_service(encode_path(service)) == service
    assert decode_server(encode_path(server)) == server


@given(st.text("aZ%/ 0é2F\n", max_size=20))
def test_any_text_is_a_client_or_refused(text: str) -> None:
    try:
        client = decode_client(text)
    except IdentifierError:
        return
    assert decode_client(encode_path(client)) == client


@pytest.mark.parametrize(
    "service", [SERVICE, SERVICE._replace(service_version="v1"), ServiceId(MEMBER, "citizens")], ids=str
)
def test_a_service_is_read_as_it_is_shown(service: ServiceId) -> None:
    assert parse_service(short_form(service)) == service


@pytest.mark.parametrize("text", ["", "a/b/c", "a/b/c/d/e/f/g", "a/b/c/d/"])
def test_what_names_no_service_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError):
        parse_service(text)
