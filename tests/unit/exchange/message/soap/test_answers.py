"""The request hash is inserted into the bytes that the service sent; headers and hash tie an answer to its request."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256, sha512

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.fakes.soap_messages import ANSWER, HASH, HEADER, ID, PARTY, REQUEST, RESPONSE, SERVER, XML, envelope, message
from tests.unit.exchange.message.soap.test_messages import soap_part
from tests.unit.exchange.recordings import live_files

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.soap import (
    SoapFault,
    SoapMessage,
    check_request_hash,
    compare_answer,
    parse_soap,
    with_request_hash,
)

URI = "http://www.w3.org/2001/04/xmlenc#sha512"
B64 = b64encode(sha512(REQUEST.encode()).digest()).decode()
INSERTED = f'<xrd:requestHash algorithmId="{URI}">{B64}</xrd:requestHash>'


def hashed(text: str, *, content_type: str = XML, encoding: str = "utf-8") -> str:
    return with_request_hash(message(text, content_type=content_type, encoding=encoding), REQUEST.encode()).decode(
        encoding
    )


# --- inserting --------------------------------------------------------------------------------------------------------


def test_behind_the_id_and_nothing_else_changes() -> None:
    assert hashed(RESPONSE) == RESPONSE.replace(ID, ID + INSERTED)


@pytest.mark.parametrize("place", ["first", "before", "behind", "last"])
def test_a_hash_of_the_service_is_dropped(place: str) -> None:
    places = {
        "first": HASH + HEADER,
        "before": HEADER.replace(ID, HASH + ID),
        "behind": HEADER.replace(ID, ID + HASH),
        "last": HEADER + HASH,
    }
    assert hashed(envelope(places[place], ANSWER)) == hashed(RESPONSE)


@pytest.mark.parametrize(
    "empty", ["<xrd:requestHash/>", '<xrd:requestHash a=">" />', "<xrd:requestHash><b/></xrd:requestHash>"]
)
def test_even_one_that_is_none(empty: str) -> None:
    header = HEADER + (empty if "<b/>" not in empty else "<xrd:requestHash></xrd:requestHash>")
    assert hashed(envelope(header, ANSWER)) == hashed(RESPONSE)


@pytest.mark.parametrize(
    ("written", "opening", "name"),
    [
        ("<xrd:id>VN-1</xrd:id>", "", "xrd:requestHash"),
        ("<xrd:id\n >VN-1</xrd:id\r\n\t>", "", "xrd:requestHash"),
        ('<id xmlns="http://x-road.eu/xsd/xroad.xsd">VN-1</id>', ' xmlns="http://x-road.eu/xsd/xroad.xsd"', "requestHash"),
        ("<à:id xmlns:à='http://x-road.eu/xsd/xroad.xsd' à:b = \"1>0\" c=''>VN-1</à:id>",
         " xmlns:à='http://x-road.eu/xsd/xroad.xsd' à:b = \"1>0\" c=''", "à:requestHash"),
        ('<xrd:id algorithmId="mine" d="/">VN-1</xrd:id>', ' d="/"', "xrd:requestHash"),
        ("<xrd:id>VN<!-- </xrd:id> --><![CDATA[-1]]></xrd:id>", "", "xrd:requestHash"),
        ("<xrd:id/>", "", "xrd:requestHash"),
        ('<xrd:id e="/>" />', ' e="/>"', "xrd:requestHash"),
    ],
)  # fmt: skip
def test_prefix_and_attributes_are_those_of_the_id(written: str, opening: str, name: str) -> None:
    expected = f'{written}<{name}{opening} algorithmId="{URI}">{B64}</{name}>'
    text = RESPONSE.replace(ID, written)
    assert hashed(text) == text.replace(written, expected)
    assert message(hashed(text)).request_hash == (URI, B64)


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8-sig", XML), ("utf-16", "text/xml; charset=UTF-16"), ("utf-16-le", "text/xml; charset=UTF-16LE"),
        ("utf-16-be", "text/xml; charset=UTF-16BE"), ("latin-1", "text/xml; charset=ISO-8859-1"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("written", [ID, "<xrd:id f='ý㸾'/>"])
def test_in_any_charset(encoding: str, content_type: str, written: str) -> None:
    written = written.replace("㸾", "" if encoding == "latin-1" else "㸾")  # its bytes are those of '>>' in UTF-16
    text = envelope(HEADER.replace(ID, written), ANSWER.replace("Đặng Thị Ánh", "Ánh é"), prolog="")
    added = (
        INSERTED.replace("<xrd:requestHash", f"<xrd:requestHash f='{'ý' if encoding == 'latin-1' else 'ý㸾'}'")
        if "f=" in written
        else INSERTED
    )
    assert hashed(text, content_type=content_type, encoding=encoding) == text.replace(written, written + added)


def test_recorded_answers_differ_only_by_what_writing_anew_changes() -> None:
    """X-Road writes a response anew; the canonical form is blind to what that changes, and is the same."""
    compared = 0
    for file in [*live_files("soap/*/4-*.http"), *live_files("ec/soap-simple/4-*.http")]:
        request_type, request = soap_part((file.parent / "2-transit-request.http").read_bytes())
        answer = parse_soap(*soap_part(file.read_bytes())[::-1][:1], content_type=soap_part(file.read_bytes())[0])
        sent_type, sent = soap_part((file.parent / "5-transit-response.http").read_bytes())
        if isinstance(answer, SoapFault):
            assert sent == answer.xml  # relayed verbatim
            continue
        assert _canonical(with_request_hash(answer, request)) == _canonical(sent)
        recorded = parse_soap(sent, content_type=sent_type)
        asked = parse_soap(request, content_type=request_type)
        assert isinstance(recorded, SoapMessage)
        assert isinstance(asked, SoapMessage)
        check_request_hash(recorded, request)
        compare_answer(asked, recorded)
        compared += 1
    assert compared >= 10


def _canonical(data: bytes) -> bytes:
    return etree.tostring(etree.fromstring(data), method="c14n")


_BLANKS = st.sampled_from(["", " ", "\n", "\r\n\t", "<!-- > -->", "<?p >?>"])
_VALUES = st.text(st.characters(exclude_characters='<&"\r', exclude_categories=("Cs", "Cc")), max_size=8)


@given(
    st.permutations([*re.findall(r"<xrd:(\w+).*?</xrd:\1>", HEADER), "requestHash"]),
    st.lists(_BLANKS, min_size=7, max_size=7),
    _VALUES,
    st.booleans(),
    st.sampled_from(["utf-8", "utf-16", "utf-16-be"]),
)
def test_inserting_and_dropping_are_all_that_changes(
    order: list[str], blanks: list[str], value: str, has_hash: bool, encoding: str
) -> None:
    blocks = {match[1]: match[0] for match in re.finditer(r"<xrd:(\w+).*?</xrd:\1>", HEADER)}
    blocks["id"] = f'<xrd:id a="{value}">VN-1</xrd:id>'
    blocks["requestHash"] = HASH if has_hash else ""
    header = "".join(blank + blocks[name] for name, blank in zip(order, blanks, strict=False))
    text = envelope(header, ANSWER, prolog="")
    content_type = f"text/xml; charset={encoding}"
    result = hashed(text, content_type=content_type, encoding=encoding)
    inserted = INSERTED.replace("<xrd:requestHash", f'<xrd:requestHash a="{value}"')
    assert result == text.replace(HASH, "").replace(blocks["id"], blocks["id"] + inserted)
    before, after = (message(one, content_type=content_type, encoding=encoding) for one in (text, result))
    assert msgspec.structs.replace(after, **_untold(before)) == before
    check_request_hash(after, REQUEST.encode())


def _untold(before: SoapMessage) -> dict[str, object]:
    names = ("envelope", "request_hash", "places")
    return {name: getattr(before, name) for name in names}


# --- checking ---------------------------------------------------------------------------------------------------------


def refused(response: SoapMessage, request: bytes = REQUEST.encode()) -> str:
    with pytest.raises(Fault) as caught:
        check_request_hash(response, request)
    assert caught.value.code == "inconsistent_response"
    return caught.value.message


def test_the_hash_is_of_the_bytes_that_were_sent() -> None:
    answer = message(hashed(RESPONSE))
    check_request_hash(answer, REQUEST.encode())
    assert "does not match" in refused(answer, REQUEST.encode() + b" ")
    assert "missing" in refused(message(RESPONSE))


def test_algorithms_that_a_digest_may_have() -> None:
    value = b64encode(sha256(REQUEST.encode()).digest()).decode()
    text = RESPONSE.replace(ID, ID + HASH.replace("sha512", "sha256").replace("AAAA", value))
    check_request_hash(message(text), REQUEST.encode())
    for uri in ("http://www.w3.org/2000/09/xmldsig#sha1", "urn:none", ""):
        assert "SHA-512" in refused(message(text.replace("http://www.w3.org/2001/04/xmlenc#sha256", uri)))
    assert "SHA-512" in refused(message(re.sub(" algorithmId=.*?>", ">", text)))
    assert "does not match" in refused(message(text.replace(value, "Đ")))


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("onestop", "other", "client"), ("<id:serviceVersion>v1<", "<id:serviceVersion>v2<", "service"), ("VN-1", "VN-2", "id"),
        ("VN12345678", "VN0", "userId"), ("<xrd:userId>VN12345678</xrd:userId>", "", "userId"), (">COM<", ">GOV<", "representedParty"),
        (ID, ID + "<xrd:issue/>", "issue"),
    ],
)  # fmt: skip
def test_headers_that_must_be_the_same(old: str, new: str, field: str) -> None:
    request, response = envelope(HEADER + PARTY), envelope(HEADER + PARTY, ANSWER)
    compare_answer(message(request), message(response))
    assert old in response
    with pytest.raises(Fault) as caught:
        compare_answer(message(request), message(response.replace(old, new)))
    assert caught.value.code == "inconsistent_response"
    assert f"'{field}'" in caught.value.message


def test_the_security_server_is_not_compared() -> None:
    compare_answer(message(envelope(HEADER + SERVER)), message(RESPONSE))
