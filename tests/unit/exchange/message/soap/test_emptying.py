"""What the log keeps where bodies are not logged. Source: message-path dossier s.5.2."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.fakes.soap_messages import ANSWER, HASH, HEADER, ID, PARTY, SERVER, TOKEN, USER, envelope, message
from tests.shared import shared

from lienthong.exchange.message.soap import SoapMessage, emptied, names, parse_soap


def same_fields(one: SoapMessage, other: SoapMessage) -> bool:
    offsets = {"envelope": b"", "content_type": "", "places": (0, 0, None)}
    return msgspec.structs.replace(one, **offsets) == msgspec.structs.replace(other, **offsets)


@pytest.mark.parametrize(
    "header", [HEADER, HEADER + SERVER + PARTY + "<xrd:issue>1 &lt; 2&#13;</xrd:issue>", HEADER + HASH]
)
def test_the_fields_stay_and_what_was_said_goes(header: str) -> None:
    original = message(envelope(header + TOKEN, ANSWER))
    kept = emptied(original)
    assert same_fields(message(kept.decode()), original)
    for word in ("Ánh", "legacy:", "securityToken", "thing"):
        assert word not in kept.decode()
    assert emptied(message(kept.decode())) == kept


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=20))
def test_any_text_stays_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    original = message(
        envelope(HEADER.replace(USER, f"<xrd:userId>{escaped}</xrd:userId>").replace(ID, f"<xrd:id>{escaped}</xrd:id>"))
    )
    assert original.user_id == text
    assert same_fields(message(emptied(original).decode()), original)


def test_messages_in_other_charsets_are_kept_in_utf8() -> None:
    text = envelope(HEADER.replace("VN12345678", "é"), prolog="")
    original = message(text, content_type="text/xml; charset=UTF-16", encoding="utf-16")
    assert message(emptied(original).decode()).user_id == "é"


def test_query_files_emptied() -> None:
    for name in ("simple-representedparty.query", "xmlencoded.answer", "split-header.answer", "requesthash.answer"):
        original = parse_soap(shared(f"fixtures/xroad/queries/{name}").read_bytes(), content_type="text/xml")
        assert isinstance(original, SoapMessage)
        assert same_fields(message(emptied(original).decode()), original)


def test_the_published_schema_takes_the_header_that_is_kept() -> None:
    schema = etree.XMLSchema(etree.parse(shared("xroad/schemas/message.xsd")))
    root = etree.fromstring(emptied(message(envelope(HEADER + SERVER))))
    header = etree.Element(f"{{{names.XROAD}}}Header")
    header.extend(
        root.find(f".//{name}") for name in (names.CLIENT, names.SERVICE, names.SECURITY_SERVER, names.MESSAGE_ID)
    )
    schema.assertValid(header)
