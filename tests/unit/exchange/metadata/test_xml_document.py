"""A provider's XML is opened without following anything in it; what is refused says why and in which line."""

import pytest

from lienthong.exchange.metadata.xml_document import BYTES_MAX, UnreadableXmlError, open_xml

REFUSED = [
    (b"", "not_well_formed", 1),
    (b"<a>\n<b>\n</a>", "not_well_formed", 3),
    (b"<?xml version='1.0'?>\n<!DOCTYPE a>\n<a/>", "document_type", 2),
    (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "document_type", 1),
    (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "document_type", 1),
    ("<!DOCTYPE a><a/>".encode("utf-16"), "document_type", 1),
    (b"<a>" * 300 + b"</a>" * 300, "not_well_formed", 1),
    (b" " * (BYTES_MAX + 1), "too_long", 1),
    (b'<?xml version="1.0" encoding="x-none"?><a/>', "not_well_formed", 1),
]


@pytest.mark.parametrize(("document", "reason", "line"), REFUSED)
def test_what_is_not_opened(document: bytes, reason: str, line: int) -> None:
    with pytest.raises(UnreadableXmlError) as caught:
        open_xml(document)
    assert (caught.value.reason, caught.value.line) == (reason, line)
    assert str(caught.value).startswith(f"line {line}: ")


def test_an_inclusion_is_an_element_like_any_other() -> None:
    inclusion = b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/hostname" parse="text"/>'
    assert len(open_xml(b"<a>" + inclusion + b"</a>")) == 1


def test_the_transport_may_say_the_character_set() -> None:
    assert open_xml("<a>é</a>".encode("latin-1"), charset="iso8859-1").text == "é"
    with pytest.raises(UnreadableXmlError):
        open_xml(b"<a/>", charset="no-such-charset")
