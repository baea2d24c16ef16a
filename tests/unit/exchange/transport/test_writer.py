"""Framing byte for byte, as message-path dossier s.3.5 lays it out; recordings: test_reader."""

from lienthong.exchange.transport.content import message_content_type
from lienthong.exchange.transport.writer import Framing, MultipartWriter, Part, write_message

PARTS = [Part("application/ocsp-response", b"\x30\x00"), Part("text/xml", b"<a/>", b"content-id: <x>\r\n")]
MESSAGE = (
    b"--xtopB\r\ncontent-type: application/ocsp-response\r\n\r\n\x30\x00"
    b"\r\n--xtopB\r\ncontent-type: text/xml\r\ncontent-id: <x>\r\n\r\n<a/>"
    b"\r\n--xtopB--\r\n"
)


def test_a_message_in_one_piece() -> None:
    assert write_message(PARTS, boundary="xtopB") == MESSAGE


def test_a_message_around_a_stream() -> None:
    writer = MultipartWriter("xtopB")
    head = writer.write_part(PARTS[0]) + writer.open_part(PARTS[1].content_type, PARTS[1].headers)
    assert head + b"<a" + b"/>" + writer.close() == MESSAGE


def test_attachments_nest_between_line_ends() -> None:
    nested = MultipartWriter("xattB", Framing.NESTED)
    content = nested.write_part(Part("image/png", b"PNG", b"content-id: <p>\r\n")) + nested.close()
    assert write_message([Part(message_content_type("xattB"), content)], boundary="xtopB") == (
        b"--xtopB\r\ncontent-type: multipart/mixed; charset=UTF-8; boundary=xattB\r\n\r\n"
        b"\r\n--xattB\r\ncontent-type: image/png\r\ncontent-id: <p>\r\n\r\nPNG\r\n--xattB--\r\n"
        b"\r\n--xtopB--\r\n"
    )


def test_services_and_information_systems_get_no_blank_after_content_type() -> None:
    """Recordings ``soap/attachment``: 3-service-request, 6-consumer-response."""
    writer = MultipartWriter("MIME_boundary", Framing.RELATED)
    written = writer.write_part(PARTS[1]) + writer.close()
    assert written == (
        b"--MIME_boundary\r\ncontent-type:text/xml\r\ncontent-id: <x>\r\n\r\n<a/>\r\n--MIME_boundary--\r\n"
    )
