from datetime import timedelta

import pytest
from tests.fakes import server_facts as given
from tests.fakes.instance_seen import NOW

from lienthong.exchange.security.cycles.timestamps import TimestampState
from lienthong.exchange.security.status.facts import ServerFacts, Use
from lienthong.exchange.security.status.health import Reason, judge_health

LONG_AGO = NOW - timedelta(hours=5)


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        (given.server(), []),
        (given.server(workers=0), [Reason.WORKERS]),
        (given.server(workers=1), []),
        (given.server(disk=given.disk(has_configuration=False)), [Reason.NO_CONFIGURATION]),
        (given.server(disk=given.disk(expires=NOW)), [Reason.EXPIRED]),
        (given.server(disk=given.disk(expires=None)), []),
        (given.server(disk=given.disk(keys=(given.key(problem="revoked"),))), [Reason.SIGNER]),
        (given.server(disk=given.disk(keys=(given.key(problem="revoked", is_spare=True),))), []),
        (
            given.server(disk=given.disk(keys=(given.key(Use.AUTHENTICATION, usable_until=LONG_AGO),))),
            [Reason.AUTHENTICATION],
        ),
        (given.server(timestamps=TimestampState(has_tsa=False)), [Reason.NO_TSA]),
        (given.server(timestamps=TimestampState(failing_since=NOW)), []),
        (given.server(timestamps=TimestampState(failing_since=LONG_AGO)), [Reason.TIMESTAMPS]),
        (given.server(timestamps=TimestampState(failing_since=LONG_AGO), timestamp_period=timedelta(0)), []),
    ],
)
def test_a_server_is_well_while_messages_can_pass(facts: ServerFacts, reasons: list[Reason]) -> None:
    assert [ailment.reason for ailment in judge_health(facts)] == reasons
