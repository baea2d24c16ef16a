"""SOAP with attachments as systems hold it in memory."""

import pytest
from tests.live.cases import LIVE
from tests.shared import shared
from tests.unit.exchange import recordings

from lienthong.exchange.connector.envelopes import CONTENT_TYPE, EnvelopeError
from lienthong.exchange.connector.related import SoapAttachment, read_related, write_related

FILES = (
    SoapAttachment(content_id="a.txt", content_type="text/plain; charset=UTF-8", body="Trả lời\r\n".encode()),
    SoapAttachment(content_id="b@x", body=bytes(range(256))),
    SoapAttachment(content_id="empty", body=b""),
)


def test_an_envelope_alone_is_no_multipart() -> None:
    assert write_related(b"<e/>", (), boundary="b") == (CONTENT_TYPE, b"<e/>")
    assert read_related(CONTENT_TYPE, b"<e/>") == (b"<e/>", ())


def test_what_is_written_is_read() -> None:
    content_type, body = write_related(b"<e/>", FILES, boundary="b0undary")
    assert content_type.startswith('multipart/related; type="text/xml"; start="<envelope>"')
    assert read_related(content_type, body) == (b"<e/>", FILES)


def test_a_recorded_answer_is_read() -> None:
    shared("fixtures/xroad/live")
    _, headers, body = recordings.split_http((LIVE / "soap/attachment/6-consumer-response.http").read_bytes())
    envelope, (attachment,) = read_related(recordings.header(headers, b"content-type"), body)
    assert envelope.startswith(b"<?xml")
    assert (attachment.content_id, attachment.content_type) == ("tra-loi.txt", "text/plain; charset=UTF-8")
    assert attachment.body.decode().splitlines() == ["Trả lời kèm theo", "hai dòng"]


UNREADABLE = {
    "no boundary": ("multipart/related", b""),
    "breaks off": ("multipart/related; boundary=b", b"--b\r\nContent-Type: text/xml\r\n\r\n<e/>"),
    "no parts": ("multipart/related; boundary=b", b"--b--\r\n"),
    "no end of its headers": ("multipart/related; boundary=b", b"--b\r\nContent-Type: text/xml\r\n--b--\r\n"),
}


@pytest.mark.parametrize("words", UNREADABLE)
def test_unreadable(words: str) -> None:
    with pytest.raises(EnvelopeError, match=words):
        read_related(*UNREADABLE[words])


def test_names_stay_on_their_lines() -> None:
    with pytest.raises(ValueError, match="line break"):
        write_related(b"", [SoapAttachment(content_id="a>\r\nX: 1", body=b"")], boundary="b")


def test_no_attachment_holds_the_boundary() -> None:
    with pytest.raises(ValueError, match="boundary"):
        write_related(b"", [SoapAttachment(content_id="a", body=b"..b..")], boundary="b")
