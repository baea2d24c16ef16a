"""Reserved service codes, as message-path dossier s.6 lists them."""

from lienthong.exchange.metadata.reserved import RESERVED_CODES


def test_all_of_them() -> None:
    assert set(RESERVED_CODES) == {
        "listMethods",
        "allowedMethods",
        "getWsdl",
        "getOpenAPI",
        "getSecurityServerMetrics",
        "getSecurityServerOperationalData",
        "getSecurityServerHealthData",
    }
