from datetime import UTC, datetime

from lienthong.exchange.errors import Fault
from lienthong.exchange.security.channel import Failure
from lienthong.exchange.security.observing import Observer

NUMBER = "012345678901"


def test_a_citizens_number_never_leaves_the_worker() -> None:
    told: list[Failure] = []
    observer = Observer(tell=told.append)
    fault = Fault(f"server.{NUMBER}", f"Unknown service: {NUMBER}", detail="an-id")
    service = f"VN/GOV/000.00.00.G01/population/{NUMBER}"
    observer.refused("client", fault, datetime(2026, 11, 25, tzinfo=UTC), client=NUMBER, service=service)
    assert NUMBER not in repr(told)
    assert NUMBER not in repr(observer.counters)
    assert told[0].detail == "an-id"
