"""Framing byte for byte, as message-path dossier s.3.5 lays it out; recordings: test_reader."""

from lienthong.exchange.transport.writer import MultipartWriter, Part, write_attachments, write_message

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
    nested = write_attachments([Part("image/png", b"PNG", b"content-id: <p>\r\n")], boundary="xattB")
    assert nested.content_type == "multipart/mixed; charset=UTF-8; boundary=xattB"
    assert write_message([nested], boundary="xtopB") == (
        b"--xtopB\r\ncontent-type: multipart/mixed; charset=UTF-8; boundary=xattB\r\n\r\n"
        b"\r\n--xattB\r\ncontent-type: image/png\r\ncontent-id: <p>\r\n\r\nPNG\r\n--xattB--\r\n"
        b"\r\n--xtopB--\r\n"
    )
