from datetime import UTC, datetime

from lienthong.exchange.adapters.http_body import BodyReader
from lienthong.exchange.errors import Fault
from lienthong.exchange.security.channel import Failure
from lienthong.exchange.security.observing import Observer
from lienthong.exchange.transport.http import HttpRequest, Peer

NUMBER = "012345678901"


def test_a_citizens_number_never_leaves_the_worker() -> None:
    told: list[Failure] = []
    observer = Observer(tell=told.append)
    request = HttpRequest(
        method="GET",
        target=f"/r1/VN/GOV/000.00.00.G01/population/{NUMBER}".encode(),
        headers=[(b"X-Road-Client", NUMBER.encode())],
        body=BodyReader.of(b""),
        peer=Peer(address="127.0.0.1"),
    )
    fault = Fault(f"server.{NUMBER}", f"Unknown service: {NUMBER}", detail="an-id")
    observer.refused("client", fault, request, datetime(2026, 11, 25, tzinfo=UTC))
    assert NUMBER not in repr(told)
    assert NUMBER not in repr(observer.counters)
    assert told[0].detail == "an-id"
