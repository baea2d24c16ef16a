"""REST header blocks: built as recorded servers build them, read back, and refused where the protocol says so."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.exchange.recordings import header, index, live, live_files, split_http

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, SecurityServerId, ServiceId, encode_path
from lienthong.exchange.message.request_hash import request_hash
from lienthong.exchange.message.rest import RepresentedParty, RestRequest, RestResponse, is_response_block
from lienthong.exchange.message.rest_headers import HOP_BY_HOP
from lienthong.exchange.transport.content import boundary_of
from lienthong.exchange.transport.reader import MultipartReader, PartData, PartStart

CLIENT = b"VN/GOV/000.00.00.H10/onestop"
TARGET = b"/r1/VN/GOV/000.00.00.G01/population/citizens/1?full=1"


def parts_of(raw: bytes) -> list[tuple[str, bytes]]:
    _, headers, body = split_http(raw)
    parts: list[tuple[str, bytes]] = []
    for event in MultipartReader(boundary_of(header(headers, b"content-type"))).feed(body):
        if isinstance(event, PartStart):
            parts.append((event.content_type, b""))
        elif isinstance(event, PartData):
            parts[-1] = (parts[-1][0], parts[-1][1] + event.data)
    return parts


def part(raw: bytes, content_type: str) -> bytes | None:
    return next((body for kind, body in parts_of(raw) if kind == content_type), None)


def build(*headers: tuple[bytes, bytes], target: bytes = TARGET, method: str = "GET") -> RestRequest:
    return RestRequest.build(
        method=method, target=target, headers=headers, request_id="REQUEST", default_message_id=lambda: "VN-DEFAULT"
    )


def block(*lines: bytes, target: bytes = TARGET, method: bytes = b"GET") -> bytes:
    return b"".join(line + b"\r\n" for line in (method, target, *lines))


# --- recordings -------------------------------------------------------------------------------------------------------


def recorded_requests() -> list[str]:
    return [file.parent.name for file in live_files("rest/*/2-transit-request.http")]


def test_requests_are_built_as_recorded() -> None:
    cases = recorded_requests()
    assert len(cases) > 30
    for case in cases:
        if case == "two-clients":
            continue
        first, headers, _ = split_http(live(f"rest/{case}", "1-consumer-request.http"))
        method, target, _ = first.split(b" ")
        transit = live(f"rest/{case}", "2-transit-request.http")
        recorded = part(transit, "application/x-road-rest-request")
        assert recorded is not None
        their_id = RestRequest.parse(recorded).message_id
        request = RestRequest.build(
            method=method.decode(),
            target=target,
            headers=headers,
            request_id=header(split_http(transit)[1], b"x-road-request-id"),
            default_message_id=lambda their_id=their_id: their_id,
        )
        assert request.block == recorded, case
        assert request.message_id == their_id


def test_responses_are_built_as_recorded() -> None:
    built = 0
    for file in live_files("rest/*/4-service-response.http"):
        case = f"rest/{file.parent.name}"
        answer = live(case, "5-transit-response.http")
        if b"multipart/mixed" not in answer.partition(b"\r\n\r\n")[0]:
            continue
        recorded = part(answer, "application/x-road-rest-response")
        block_sent = part(live(case, "2-transit-request.http"), "application/x-road-rest-request")
        if recorded is None or block_sent is None:
            continue
        request = RestRequest.parse(block_sent)
        first, headers, _ = split_http(file.read_bytes())
        theirs = RestResponse.parse(recorded)
        if case == "rest/answer-gzip":  # inflated before it was signed
            headers = [(name, value) for name, value in headers if name.lower() != b"content-encoding"]
        ours = RestResponse.build(
            status=int(first.split(b" ")[1]),
            reason=first.split(b" ", 2)[2],
            headers=headers,
            request=request,
            request_id=request.request_id or "",
            request_hash=theirs.request_hash,
        )
        assert ours.block == recorded, case
        built += 1
    assert built > 20


@pytest.mark.parametrize("case", ["rest-listMethods", "rest-allowedMethods", "rest-getOpenAPI"])
def test_responses_of_metaservices_are_built_as_recorded(case: str) -> None:
    recorded = part(live(f"meta/{case}", "5-transit-response.http"), "application/x-road-rest-response")
    sent = part(live(f"meta/{case}", "2-transit-request.http"), "application/x-road-rest-request")
    assert recorded is not None
    assert sent is not None
    request, theirs = RestRequest.parse(sent), RestResponse.parse(recorded)
    ours = RestResponse.build_own(
        content_type="application/yaml" if case == "rest-getOpenAPI" else "application/json",
        request=request,
        request_id=request.request_id or "",
        request_hash=request_hash(sent, None),
    )
    assert ours == theirs


def test_request_hashes_are_as_recorded() -> None:
    hashed = 0
    for file in live_files("*/*/5-transit-response.http"):
        case = f"{file.parent.parent.name}/{file.parent.name}"
        raw = file.read_bytes()
        if b"application/x-road-rest-response" not in raw or case.startswith(("altered/", "batch/", "ec/batch")):
            continue
        response = part(raw, "application/x-road-rest-response")
        request = live(case, "2-transit-request.http")
        sent = part(request, "application/x-road-rest-request")
        body = part(request, "application/x-road-rest-body")
        assert response is not None
        assert sent is not None
        assert RestResponse.parse(response).request_hash == request_hash(sent, _sha512(body)), case
        hashed += 1
    assert hashed > 30


def _sha512(body: bytes | None) -> bytes | None:
    return None if body is None else hashlib.sha512(body).digest()


@pytest.mark.parametrize("case", ["bad-client", "short-path", "bad-represented"])
def test_refusals_are_as_recorded(case: str) -> None:
    first, headers, _ = split_http(live(f"rest/{case}", "1-consumer-request.http"))
    with pytest.raises(Fault) as refused:
        build(*headers, target=first.split(b" ")[1])
    recorded = index()[f"rest/{case}"]
    assert f"server.clientproxy.{refused.value.code}" == recorded["fault_code"]
    assert refused.value.message == recorded["fault_string"]


def test_a_second_client_is_refused_though_recorded_servers_take_it() -> None:
    first, headers, _ = split_http(live("rest/two-clients", "1-consumer-request.http"))
    with pytest.raises(Fault) as refused:
        build(*headers, target=first.split(b" ")[1])
    assert refused.value.code == "invalid_client_identifier"
    received = part(live("rest/two-clients", "2-transit-request.http"), "application/x-road-rest-request")
    assert received is not None
    assert RestRequest.parse(received).has_repeated_client


# --- requests ---------------------------------------------------------------------------------------------------------


def test_a_request_knows_what_the_exchange_needs() -> None:
    request = build(
        (b"X-Road-Client", CLIENT),
        (b"X-Road-UserId", b"VN-1"),
        (b"x-road-issue", b"HS-1"),
        (b"X-Road-Represented-Party", b"COM/0101234567"),
        (b"X-Road-Security-Server", b"VN/GOV/000.00.00.G01/ss2"),
        (b"X-Road-Id", b"ID-1"),
    )
    provider = ClientId("VN", "GOV", "000.00.00.G01", "population")
    assert request.client == ClientId("VN", "GOV", "000.00.00.H10", "onestop")
    assert request.service == ServiceId(provider, "citizens")
    assert request.service_path == b"/1"
    assert request.query == b"full=1"
    assert request.user_id == "VN-1"
    assert request.issue == "HS-1"
    assert request.message_id == "ID-1"
    assert request.request_id == "REQUEST"
    assert request.represented_party == RepresentedParty(party_class="COM", party_code="0101234567")
    assert request.security_server == SecurityServerId(ClientId("VN", "GOV", "000.00.00.G01"), "ss2")
    assert request.headers[0] == (b"X-Road-Client", CLIENT)
    assert not is_response_block(request.block)


def test_what_was_not_sent_is_absent() -> None:
    request = build((b"x-road-client", b"VN/GOV/1"), target=b"/r1/a/b/c/d/e")
    assert (request.user_id, request.issue, request.represented_party, request.security_server) == (None,) * 4
    assert request.query is None
    assert request.client == ClientId("VN", "GOV", "1")
    assert request.message_id == "VN-DEFAULT"
    assert request.block.endswith(b"x-road-request-id:REQUEST\r\nx-road-id:VN-DEFAULT\r\n")


def test_hop_by_hop_headers_and_given_request_ids_are_removed() -> None:
    removed = [(name.upper(), b"x") for name in HOP_BY_HOP]
    removed += [(b"X-Road-Request-Id", b"theirs"), (b"x-road-request-hash", b"theirs")]
    request = build((b"X-Road-Client", CLIENT), *removed, (b"Accept", b" */*\t"), (b"Cookie", b"a=b"))
    assert request.headers == (
        (b"X-Road-Client", CLIENT),
        (b"Accept", b"*/*"),
        (b"Cookie", b"a=b"),
        (b"x-road-request-id", b"REQUEST"),
        (b"x-road-id", b"VN-DEFAULT"),
    )


def test_header_values_become_utf8() -> None:
    request = build((b"X-Road-Client", CLIENT), (b"A", "Nguyễn".encode()), (b"B", "é".encode("latin-1")))
    assert request.headers[1:3] == ((b"A", "Nguyễn".encode()), (b"B", "é".encode()))


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"/r1/a/b/c/d/e", b""),
        (b"/r1/a/b/c/d/e/", b"/"),
        (b"/r1/a/b/c/d/e/x/y%2Fz//", b"/x/y%2Fz//"),
        (b"/r1/a/b/c/d/e?x=/1", b""),
        (b"/r1/a/b/c/d/e/%20;d=1?[x]=%C3%A1", b"/%20;d=1"),
    ],
)
def test_service_paths_stay_raw(target: bytes, path: bytes) -> None:
    assert RestRequest.parse(block(b"X-Road-Client:" + CLIENT, target=target)).service_path == path


def test_identifiers_are_decoded() -> None:
    request = RestRequest.parse(block(b"x-road-client:VN/GOV/1/sub%2Fsystem", target=b"/r1/a/b/c/%C3%A1%20/e"))
    assert request.client.subsystem_code == "sub/system"
    assert request.service.client.subsystem_code == "á "


def test_the_last_value_of_a_repeated_header_counts() -> None:
    request = RestRequest.parse(block(b"X-Road-Id:1", b"X-ROAD-CLIENT:VN/GOV/1", b"x-road-id:2", b"X-Road-Id:"))
    assert request.message_id == ""
    assert RestRequest.parse(block(b"X-Road-Client:" + CLIENT, b"X-Road-Id:1", b"x-road-id:2")).message_id == "2"


@pytest.mark.parametrize(
    "target",
    [
        b"",
        b"/",
        b"/r1",
        b"/r1/a/b/c/d",
        b"/r1/a/b/c//e",
        b"/r1/a/b/c/%20/e",
        b"/r2/a/b/c/d/e",
        b"/rx/a/b/c/d/e",
        b"/r1/a/b/c/d/%ff",
        b"/r1/a/b/c/d/e/%zz",
        b"/r1/a/b/c/d/e/{x}",
        b"/r1/a/b/c/d/e?x|y",
        b"/r1/a/b/c/d/e#f",
        b"/r1/a/b/c/d/e/ x",
        b"http://host/r1/a/b/c/d/e",
        b"/r1/a/b/c/d/e/\r",
        b"/r1/a/b/c/d/e/" + b"%" * 3000,
    ],
)
def test_targets_that_are_refused(target: bytes) -> None:
    with pytest.raises(Fault) as refused:
        RestRequest.parse(block(b"X-Road-Client:" + CLIENT, target=target))
    assert refused.value.code == "internal_error"


@pytest.mark.parametrize(
    "received",
    [
        b"",
        b"GET",
        b"GET\r\n" + TARGET,
        b"get\r\n" + TARGET + b"\r\nX-Road-Client:" + CLIENT + b"\r\n",
        b"CONNECT\r\n" + TARGET + b"\r\nX-Road-Client:" + CLIENT + b"\r\n",
        block(b"X-Road-Client:" + CLIENT)[:-2],
        block(b"X-Road-Client:" + CLIENT) + b"\r\n",
        block(b"X-Road-Client:" + CLIENT, b"no colon"),
        block(b"X-Road-Client:" + CLIENT, b":no name"),
        block(b"X-Road-Client:" + CLIENT, b"A b:1"),
        block(b"X-Road-Client:" + CLIENT, b"A:1\nHost:evil"),
        block(b"X-Road-Client:" + CLIENT, b"A:1\rB:2"),
        block(b"X-Road-Client:" + CLIENT, b"A:\0"),
        block(b"X-Road-Client:" + CLIENT, b" folded"),
        block(b"X-Road-Client:" + CLIENT, b"A:\xff"),
        block(b"X-Road-Client:"),
        block(b"X-Road-Client: " + CLIENT),
        block(b"X-Road-Client:a/b/c/d/e"),
        block(b"X-Road-Client:" + CLIENT, b"X-Road-Represented-Party:a/b/c"),
        block(b"X-Road-Client:" + CLIENT, b"X-Road-Represented-Party:"),
        block(b"X-Road-Client:" + CLIENT, b"X-Road-Represented-Party:a b"),
        block(b"X-Road-Client:" + CLIENT, b"X-Road-Security-Server:a/b/c"),
        *(block(b"X-Road-Client:" + CLIENT, name.title() + b":x") for name in sorted(HOP_BY_HOP)),
    ],
)
def test_blocks_that_are_refused(received: bytes) -> None:
    with pytest.raises(Fault) as refused:
        RestRequest.parse(received)
    assert refused.value.code == "internal_error"


def test_a_request_without_client_is_refused() -> None:
    with pytest.raises(Fault) as refused:
        build((b"Accept", b"*/*"))
    assert refused.value.code == "invalid_client_identifier"


# --- responses --------------------------------------------------------------------------------------------------------


def answer(*headers: tuple[bytes, bytes], status: int = 200, reason: bytes = b"OK") -> RestResponse:
    request = build((b"X-Road-Client", CLIENT), (b"X-Road-Id", b"ID-1"))
    return RestResponse.build(
        status=status, reason=reason, headers=headers, request=request, request_id="REQUEST", request_hash="HASH"
    )


def test_a_response_ends_with_what_the_server_says() -> None:
    response = answer(
        (b"Content-Type", b"text/plain"),
        (b"X-Road-Id", b"theirs"),
        (b"X-Road-Client", b"theirs"),
        (b"X-Road-Request-Id", b"theirs"),
        (b"X-Road-Request-Hash", b"theirs"),
        (b"X-Road-Service", b"theirs"),
        (b"Transfer-Encoding", b"chunked"),
        (b"Set-Cookie", b"a"),
        (b"Set-Cookie", b"b"),
    )
    assert response.headers == (
        (b"Content-Type", b"text/plain"),
        (b"X-Road-Service", b"theirs"),
        (b"Set-Cookie", b"a"),
        (b"Set-Cookie", b"b"),
        (b"x-road-id", b"ID-1"),
        (b"x-road-client", CLIENT),
        (b"x-road-service", b"VN/GOV/000.00.00.G01/population/citizens"),
        (b"x-road-request-id", b"REQUEST"),
        (b"x-road-request-hash", b"HASH"),
    )
    assert response.service.service_code == "citizens"
    assert (response.status, response.reason, response.message_id) == (200, "OK", "ID-1")
    assert (response.request_id, response.request_hash) == ("REQUEST", "HASH")
    assert is_response_block(response.block)


def test_an_empty_reason_is_a_line_all_the_same() -> None:
    assert answer(status=302, reason=b"").block.startswith(b"302\r\n\r\nx-road-id:")


@pytest.mark.parametrize("name", [b"x-road-id", b"x-road-request-hash", b"x-road-service", b"x-road-client"])
def test_a_response_that_lacks_something_is_refused(name: bytes) -> None:
    with pytest.raises(Fault):
        RestResponse.parse(re.sub(rb"\r\n%b:[^\r]*" % name, b"", answer().block))
    if name != b"x-road-client":
        with pytest.raises(Fault):
            RestResponse.parse(re.sub(rb"\r\n%b:[^\r]*" % name, rb"\r\n%b:" % name, answer().block))


@pytest.mark.parametrize("status", [b"OK", b"0200", b"99", b"2000", b"", b"\xc2\xb2\xc2\xb2\xc2\xb2"])
def test_a_response_without_a_status_is_refused(status: bytes) -> None:
    with pytest.raises(Fault):
        RestResponse.parse(status + answer().block[3:])


def test_a_service_cannot_break_out_of_its_header() -> None:
    with pytest.raises(Fault):
        answer((b"A", b"1\r\nx-road-id:theirs"))
    with pytest.raises(Fault):
        answer(reason=b"OK\r\nHost:x")


# --- fuzz -------------------------------------------------------------------------------------------------------------

codes = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(lambda text: bool(text.strip()))


@given(st.tuples(codes, codes, codes, codes), st.tuples(codes, codes, codes), codes)
def test_any_identifier_travels(provider: tuple[str, str, str, str], member: tuple[str, str, str], code: str) -> None:
    service, client = ServiceId(ClientId(*provider), code), ClientId(*member)
    target = b"/r1/" + encode_path(service).encode() + b"/x"
    request = build((b"X-Road-Client", encode_path(client).encode()), target=target)
    assert request.service == service
    assert request.client == client
    assert RestRequest.parse(request.block) == request


@given(
    st.lists(st.sampled_from([b"GET", TARGET, b"\r\n", b"\n", b"\r", b":", b"X-Road-Client:" + CLIENT, b"a", b"\xff"]))
)
def test_any_bytes_are_read_or_refused(pieces: list[bytes]) -> None:
    received = b"".join(pieces)
    for kind in (RestRequest, RestResponse):
        try:
            outcome = kind.parse(received).block
        except Fault as fault:
            outcome = fault.code
        assert outcome in {received, "internal_error", "invalid_client_identifier"}


names = st.text("AZaz09-_", min_size=1, max_size=8).map(str.encode)
values = st.text(max_size=12).filter(lambda text: not set(text) & set("\r\n\0")).map(str.encode)


@given(st.lists(st.tuples(names, values), max_size=6))
def test_any_headers_travel(headers: list[tuple[bytes, bytes]]) -> None:
    request = build((b"X-Road-Client", CLIENT), *headers)
    expected = [(name, value.strip(b" \t")) for name, value in headers if name.lower() not in HOP_BY_HOP]
    assert list(request.headers[1:-2]) == expected


def test_a_reason_phrase_that_looks_like_a_header_is_none() -> None:
    request = build((b"X-Road-Client", CLIENT))
    response = RestResponse.build(
        status=200,
        reason=b"x-road-id:other",
        headers=(),
        request=request,
        request_id="REQUEST",
        request_hash="aGFzaA==",
    )
    forged = response.block.replace(b"\r\nx-road-id:VN-DEFAULT\r\n", b"\r\n")
    with pytest.raises(Fault, match="Response has no x-road-id"):
        RestResponse.parse(forged)
