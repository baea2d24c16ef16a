"""The pages that servers show their operators, in every state that looks different."""

from collections.abc import Callable
from datetime import timedelta

from tests.fakes import instances
from tests.fakes import server_facts as given
from tests.fakes.instance_seen import NOW

from lienthong.exchange.central.publication import PublicationStatus
from lienthong.exchange.central.status_page import central_page
from lienthong.exchange.pages import Page
from lienthong.exchange.security.cycles.timestamps import TimestampState
from lienthong.exchange.security.status.facts import CycleFacts, DiskFacts
from lienthong.exchange.security.status.page import status_page

LONG = "CN=" + "khong-co-dau-cach" * 8
BAD = given.server(
    workers=0,
    disk=DiskFacts(instance="VN", configuration_problem=LONG, keys=(given.key(problem=LONG), given.key())),
    timestamps=TimestampState(has_tsa=False, problem=LONG),
    cycles=tuple(CycleFacts(name=n, problem=LONG) for n in ("configuration", "ocsp", "timestamp", "index")),
    failures=(given.failure(), given.failure(fault_code="server.clientproxy.service_failed." + "x" * 60)),
)
SOON = given.server(workers=1, disk=given.disk(keys=(given.key(not_after=NOW + timedelta(days=3)),)))
PUBLISHED = PublicationStatus(at=NOW, success=True, expires=NOW + timedelta(minutes=9))
FAILED = PublicationStatus(at=NOW, success=False, expires=NOW - timedelta(minutes=9))


def _central(status: PublicationStatus) -> Callable[[str], Page]:
    return lambda language: central_page(instances.registry(), status, now=NOW, language=language)


PAGES: dict[str, Callable[[str], Page]] = {
    "good": lambda language: status_page(given.server(failures=(given.failure(),)), language),
    "warned": lambda language: status_page(SOON, language),
    "bad": lambda language: status_page(BAD, language),
    "central": _central(PUBLISHED),
    "central, nothing published": _central(PublicationStatus()),
    "central, failing": _central(FAILED),
}
