import pytest

from lienthong.exchange.metadata.lint.words import is_http_address, odd_characters


def test_characters_that_identifiers_should_not_have_are_told_visibly() -> None:
    assert odd_characters("get-Person_1.(a)'=?+,") == ""
    assert odd_characters("Đà Nẵng") == ""
    assert odd_characters("a/b\\c;d:e%f/") == "% / : ; \\"
    assert odd_characters("a\u200b\ufeff\u0000\u0085") == "U+0000 U+0085 U+200B U+FEFF"


@pytest.mark.parametrize(
    ("address", "is_sound"),
    [
        ("http://h", True), ("https://h:443/x?y", True), ("", False), ("h", False), ("ftp://h", False),
        ("http://", False), ("http://h:x/", False), ("http://h:0/", False), ("http://[::1", False), ("//h", False),
    ],
)  # fmt: skip
def test_addresses(address: str, is_sound: bool) -> None:
    assert is_http_address(address) is is_sound
