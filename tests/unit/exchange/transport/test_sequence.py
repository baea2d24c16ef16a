"""The order of parts: message-path dossier s.3.6 place by place, NIIS verdicts of s.9.4, every recording."""

import pytest
from tests.shared import shared
from tests.unit.exchange.recordings import header, live, live_files, split_http

from lienthong.exchange.errors import Fault
from lienthong.exchange.transport.content import boundary_of
from lienthong.exchange.transport.reader import MultipartReader, PartData, PartStart
from lienthong.exchange.transport.sequence import Direction, PartKind, PartSequence, check_ocsp_part

OCSP = "application/ocsp-response"
REQUEST = "application/x-road-rest-request"
RESPONSE = "application/x-road-rest-response"
BODY = "application/x-road-rest-body"
RESULT = "application/hash-chain-result"
CHAIN = "application/hash-chain"
SIGNATURE = "signature/bdoc-1.0/ts"
SOAP = "text/xml; charset=UTF-8"
NESTED = "multipart/mixed; charset=UTF-8; boundary=xattB"


def run(direction: Direction, *types: str, is_rest: bool = True) -> list[PartKind]:
    sequence = PartSequence(direction)
    kinds = [sequence.accept(each) for each in types]
    sequence.finish(is_rest=is_rest)
    return kinds


@pytest.mark.parametrize(
    ("direction", "is_rest", "types"),
    [
        (Direction.REQUEST, True, [OCSP, REQUEST, SIGNATURE]),
        (Direction.REQUEST, True, [OCSP, OCSP, REQUEST, BODY, RESULT, CHAIN, SIGNATURE]),
        (Direction.REQUEST, True, [REQUEST, RESULT, CHAIN, SIGNATURE]),
        (Direction.REQUEST, True, [REQUEST.upper(), BODY + "; x=y", RESULT, CHAIN, SIGNATURE]),
        (Direction.RESPONSE, True, [RESPONSE, SIGNATURE]),
        (Direction.RESPONSE, True, [RESPONSE, BODY, RESULT, CHAIN, SIGNATURE]),
        (Direction.REQUEST, False, [OCSP, SOAP, SIGNATURE]),
        (Direction.REQUEST, False, ["application/xop+xml; type=x", NESTED, RESULT, CHAIN, SIGNATURE]),
        (Direction.RESPONSE, False, [SOAP, NESTED, SIGNATURE]),
    ],
)
def test_orders_that_pass(direction: Direction, is_rest: bool, types: list[str]) -> None:
    kinds = run(direction, *types, is_rest=is_rest)
    assert kinds[-1] is PartKind.SIGNATURE
    assert (PartKind.REST_MESSAGE if is_rest else PartKind.SOAP_MESSAGE) in kinds


@pytest.mark.parametrize(
    ("direction", "is_rest", "types", "code"),
    [
        (Direction.REQUEST, True, [OCSP, "foo/bar"], "invalid_content_type"),
        (Direction.REQUEST, True, [""], "invalid_content_type"),
        (Direction.REQUEST, True, [RESPONSE], "invalid_content_type"),
        (Direction.RESPONSE, True, [REQUEST], "invalid_content_type"),
        (Direction.RESPONSE, True, [OCSP], "invalid_content_type"),
        (Direction.REQUEST, True, [REQUEST, "signature/bdoc-1.0/xx"], "invalid_content_type"),
        (Direction.REQUEST, True, [REQUEST, NESTED], "invalid_content_type"),
        (Direction.REQUEST, False, [SOAP, BODY], "invalid_content_type"),
        (Direction.REQUEST, True, [REQUEST, BODY, BODY], "invalid_content_type"),
        (Direction.REQUEST, True, [REQUEST, CHAIN, RESULT], "invalid_content_type"),
        (Direction.REQUEST, True, [REQUEST, OCSP], "invalid_content_type"),
        (Direction.REQUEST, True, [REQUEST, SIGNATURE, SIGNATURE], "invalid_message"),
        (Direction.RESPONSE, True, [RESPONSE, SOAP, SIGNATURE], "invalid_message"),
        (Direction.REQUEST, True, [], "missing_rest"),
        (Direction.REQUEST, False, [], "missing_soap"),
        (Direction.REQUEST, False, [OCSP], "missing_soap"),
        (Direction.REQUEST, True, [SOAP, SIGNATURE], "missing_rest"),
        (Direction.REQUEST, False, [REQUEST, SIGNATURE], "missing_soap"),
        (Direction.REQUEST, True, [REQUEST], "missing_signature"),
        (Direction.REQUEST, True, [REQUEST, SOAP], "missing_signature"),
        (Direction.REQUEST, True, [REQUEST, RESULT, SIGNATURE], "invalid_message"),
        (Direction.REQUEST, True, [REQUEST, CHAIN, SIGNATURE], "invalid_message"),
    ],
)
def test_orders_that_are_refused(direction: Direction, is_rest: bool, types: list[str], code: str) -> None:
    with pytest.raises(Fault) as refused:
        run(direction, *types, is_rest=is_rest)
    assert refused.value.code == code


def test_a_fault_may_stand_in_place_of_the_signature_of_a_response() -> None:
    sequence = PartSequence(Direction.RESPONSE)
    assert [sequence.accept(each) for each in (RESPONSE, BODY, SOAP)][-1] is PartKind.FAULT


def test_a_fault_may_be_all_of_a_response() -> None:
    sequence = PartSequence(Direction.RESPONSE)
    assert sequence.accept(SOAP) is PartKind.SOAP_MESSAGE
    sequence.end_with_fault()
    with pytest.raises(Fault, match="Extra content"):
        sequence.accept(SIGNATURE)


def test_a_fault_in_a_request_is_no_message() -> None:
    sequence = PartSequence(Direction.REQUEST)
    sequence.accept(SOAP)
    sequence.end_with_fault()
    assert sequence.accept(SIGNATURE) is PartKind.SIGNATURE
    with pytest.raises(Fault) as refused:
        sequence.finish(is_rest=False)
    assert refused.value.code == "missing_soap"


def test_the_refusal_of_an_altered_part_type_reads_as_recorded() -> None:
    with pytest.raises(Fault) as refused:
        replay(live("altered/request-part-type", "2-transit-request.altered.http"), Direction.REQUEST)
    assert refused.value.code == "invalid_content_type"
    assert refused.value.message == "Received invalid content type instead of signature: signature/bdoc-1.0/xx"


def replay(raw: bytes, direction: Direction) -> list[PartKind]:
    _, headers, body = split_http(raw)
    return kinds_in(boundary_of(header(headers, b"content-type")), body, direction)[0]


def kinds_in(boundary: str, body: bytes, direction: Direction) -> tuple[list[PartKind], PartSequence]:
    reader, sequence, kinds = MultipartReader(boundary), PartSequence(direction), []
    for event in [*reader.feed(body), *reader.close()]:
        if isinstance(event, PartStart):
            kinds.append(sequence.accept(event.content_type))
        elif isinstance(event, PartData) and kinds[-1] is PartKind.OCSP_RESPONSE:
            check_ocsp_part(event.data)
    return kinds, sequence


@pytest.mark.parametrize("pattern", ["rest/*/2-transit*.http", "soap/*/2-transit*.http", "ec/*/2-transit*.http"])
def test_every_recorded_request_is_in_order(pattern: str) -> None:
    for file in live_files(pattern):
        kinds = replay(file.read_bytes(), Direction.REQUEST)
        assert kinds[0] is PartKind.OCSP_RESPONSE
        assert kinds[-1] is PartKind.SIGNATURE, file


def test_every_recorded_multipart_response_is_in_order() -> None:
    for file in live_files("rest/*/5-transit*.http"):
        raw = file.read_bytes()
        if b"multipart/mixed" in raw.partition(b"\r\n\r\n")[0]:
            assert replay(raw, Direction.RESPONSE)[-1] in {PartKind.SIGNATURE, PartKind.SOAP_MESSAGE}


@pytest.mark.parametrize(
    ("name", "direction", "code"),
    [
        ("normal.request", Direction.REQUEST, None),
        ("attachment.request", Direction.REQUEST, None),
        ("ocsp.request", Direction.REQUEST, None),
        ("normal-soapfault.request", Direction.REQUEST, None),
        ("normal.response", Direction.RESPONSE, None),
        ("extracontent.request", Direction.REQUEST, "invalid_message"),
        ("invalid-ocsp.request", Direction.REQUEST, "io_error"),
        ("invalid-soap-contenttype.request", Direction.REQUEST, "invalid_content_type"),
    ],
)
def test_verdicts_of_niis_fixtures(name: str, direction: Direction, code: str | None) -> None:
    data = shared(f"fixtures/xroad/transport/{name}").read_bytes()
    boundary = data[2 : data.index(b"\n")].decode()
    if code is None:
        kinds_in(boundary, data, direction)[1].finish(is_rest=False)
        return
    with pytest.raises(Fault) as refused:
        kinds_in(boundary, data, direction)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "data", [b"", b"\x30", b"\x30\x80\0\0", b"\x30\x82\x01", b"\x30\x03\x01\x01", b"OCSP", b"\x30\x85"]
)
def test_ocsp_parts_that_are_no_sequence(data: bytes) -> None:
    with pytest.raises(Fault, match="no DER SEQUENCE"):
        check_ocsp_part(data)


@pytest.mark.parametrize("data", [b"\x30\x00", b"\x30\x03\x0a\x01\x00", b"\x30\x81\x80" + b"x" * 128])
def test_ocsp_parts_that_are_a_sequence(data: bytes) -> None:
    check_ocsp_part(data)
