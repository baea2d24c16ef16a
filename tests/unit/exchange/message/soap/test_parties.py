"""Identifiers in header blocks. Source: message-path dossier s.1.3."""

from __future__ import annotations

import pytest
from tests.fakes.soap_messages import CLIENT, HEADER, PARTY, SERVER, SERVICE, envelope, message

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.rest import RepresentedParty

WHOLE = HEADER + SERVER + PARTY


def test_children_of_other_namespaces_are_none_of_ours() -> None:
    header = WHOLE.replace("<id:xRoadInstance>", '<xRoadInstance xmlns="urn:x">XX</xRoadInstance><id:xRoadInstance>')
    assert message(envelope(header)).client == message(envelope(WHOLE)).client


def test_the_class_of_a_represented_party_may_be_absent() -> None:
    header = WHOLE.replace("<repr:partyClass>COM</repr:partyClass>", "")
    assert message(envelope(header)).represented_party == RepresentedParty(party_code="0100109106")


def test_codes_are_compared_as_written() -> None:
    spaced = message(envelope(WHOLE.replace(">H10<", "> H10\n<"))).client
    assert spaced.member_code == " H10\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (CLIENT, CLIENT.replace(">H10<", "> <")),
        (CLIENT, CLIENT.replace("<id:memberClass>GOV</id:memberClass>", "")),
        (CLIENT, CLIENT.replace(">onestop<", "><")),
        (CLIENT, CLIENT.replace("SUBSYSTEM", "subsystem")),
        (CLIENT, CLIENT.replace("SUBSYSTEM", "GLOBALGROUP")),
        (SERVICE, SERVICE.replace(">getPerson<", "><")),
        (SERVICE, SERVICE.replace("<id:serviceCode>getPerson</id:serviceCode>", "")),
        (SERVICE, SERVICE.replace('"SERVICE"', '"CENTRALSERVICE"')),
        (SERVICE, SERVICE.replace(">VN<", "><")),
        (SERVER, SERVER.replace(">ss2<", "><")),
        (SERVER, SERVER.replace("<id:serverCode>ss2</id:serverCode>", "")),
        (SERVER, SERVER.replace(">VN<", "><")),
        (SERVER, SERVER.replace('"SERVER"', '"MEMBER"')),
        (PARTY, PARTY.replace(">0100109106<", "> <")),
        (PARTY, PARTY.replace("<repr:partyCode>0100109106</repr:partyCode>", "")),
        (PARTY, PARTY.replace(">0100109106<", "><a/><")),
    ],
)
def test_what_is_no_identifier(old: str, new: str) -> None:
    with pytest.raises(Fault) as refused:
        message(envelope(WHOLE.replace(old, new)))
    assert refused.value.code == "invalid_xml"


@pytest.mark.parametrize("part", ["id:memberCode", "id:serviceVersion", "id:serverCode", "repr:partyClass"])
def test_no_part_comes_twice(part: str) -> None:
    with pytest.raises(Fault) as refused:
        message(envelope(WHOLE.replace(f"<{part}>", f"<{part}>a</{part}><{part}>")))
    assert refused.value.code == "duplicate_header_field"
