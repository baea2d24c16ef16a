"""Reserved service codes, as message-path dossier s.6 lists them."""

from lienthong.exchange.metadata import reserved
from lienthong.exchange.serverconf.access import RESERVED_SERVICES


def test_all_of_them() -> None:
    answered = {reserved.LIST_METHODS, reserved.ALLOWED_METHODS, reserved.GET_OPEN_API, reserved.GET_WSDL}
    monitoring = {"getSecurityServerMetrics", "getSecurityServerOperationalData", "getSecurityServerHealthData"}
    assert answered | monitoring == RESERVED_SERVICES
