"""An anchor is what trust begins with: it is read whole or not at all."""

import pytest
from tests.fakes.instances import NOW, certificate

from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf.anchor import directory_name, read_anchor, write_anchor
from lienthong.exchange.globalconf.model import AnchorSource, ConfigurationAnchor

ANCHOR = ConfigurationAnchor(
    generated_at=NOW,
    instance="VN",
    sources=(AnchorSource(download_url="http://cs/internalconf", certificates=(certificate("internal").der,)),),
)


def test_what_is_written_is_read() -> None:
    assert read_anchor(write_anchor(ANCHOR)) == ANCHOR


@pytest.mark.parametrize(
    ("old", "new"),
    [(b">VN<", b"> <"), (b"generatedAt", b"made"), (b"<downloadURL>", b"<downloadURL> <x/>")],
)
def test_what_says_nothing_is_refused(old: bytes, new: bytes) -> None:
    data = write_anchor(ANCHOR)
    assert old in data
    with pytest.raises(Fault) as caught:
        read_anchor(data.replace(old, new))
    assert caught.value.code == "malformed_anchor"


@pytest.mark.parametrize("url", ["http://cs", "http://cs/", "http://[cs/internalconf", ""])
def test_a_place_that_names_no_directory_cannot_be_downloaded_from(url: str) -> None:
    place = AnchorSource(download_url=url, certificates=ANCHOR.sources[0].certificates)
    with pytest.raises(Fault) as caught:
        directory_name(ConfigurationAnchor(instance="VN", sources=(place,)))
    assert caught.value.code == "malformed_anchor"
    assert directory_name(ANCHOR) == "internalconf"
