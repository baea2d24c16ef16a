"""SOAPAction: nothing, or a quoted URI. Source: SOAP 1.1 s.6.1.1; message-path dossier s.2.7."""

from __future__ import annotations

import pytest

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.soap import require_soap_action


@pytest.mark.parametrize(
    "value", [None, b"", b'""', b'"urn:getPerson"', b' "http://x.vn/a?b=%20#c" ', b'"getPerson"', '"urn:tỉnh"'.encode()]
)
def test_taken(value: bytes | None) -> None:
    require_soap_action(value)


@pytest.mark.parametrize(
    "value", [b"urn:x", b'"', b'"a', b'a"', b'"a b"', b'"a"b"', b'"%zz"', b"''", b'"a\r\nX: y"', b'"<"']
)
def test_refused(value: bytes) -> None:
    with pytest.raises(Fault) as refused:
        require_soap_action(value)
    assert refused.value.code == "invalid_soap_action"
    assert "\n" not in refused.value.message
