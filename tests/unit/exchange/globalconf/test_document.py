"""What is refused before a document of the global configuration is looked at."""

import codecs

import pytest

from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf.document import parse_document
from lienthong.exchange.globalconf.faults import Code


def refused(data: bytes, size_max: int = 1000) -> str:
    with pytest.raises(Fault) as caught:
        parse_document(data, code=Code.MALFORMED_ANCHOR, size_max=size_max)
    assert caught.value.code == "malformed_anchor"
    return caught.value.message


def test_a_document_that_is_too_large_is_not_parsed() -> None:
    assert "larger than 10" in refused(b"<a>" + b" " * 10, size_max=10)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7", "cp037"])
def test_no_encoding_hides_a_document_type(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    written = f'{declared}<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    data = written.encode(encoding)
    if encoding == "utf-7":
        data = declared.encode() + codecs.encode('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "utf-7")
    assert refused(data.replace(b"<!DOCTYPE", b"+ADw-!DOCTYPE"))
