"""The clock of a server is wrong by a day: it refuses or is refused, and goes on when the clock is right again."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.chaos.network import CONSUMER, PROVIDER, ChaosNetwork

from lienthong.nation.topology import ServerPlan

pytestmark = [pytest.mark.sockets, pytest.mark.slow]


def faketime() -> str:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        pytest.skip("libfaketime is not installed (Debian: libfaketime)")
    return str(found[0])


@pytest.mark.parametrize(
    ("server", "skew"), [(CONSUMER, "-1d"), (PROVIDER, "+1d")], ids=["consumer behind", "provider ahead"]
)
def test_a_wrong_clock_refuses_and_a_right_one_recovers(
    network: ChaosNetwork, server: ServerPlan, skew: str, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("+0")
    variables = (f"LD_PRELOAD={faketime()}", f"FAKETIME_TIMESTAMP_FILE={clock}", "FAKETIME_NO_CACHE=1")
    network.stop(server)
    network.start(server, "env", *variables, "FAKETIME_DONT_FAKE_MONOTONIC=1")
    network.await_whole(server)
    with network.load("clock") as load:
        load.await_more(10)
        clock.write_text(skew)
        load.await_failures(10)
        clock.write_text("+0")
        load.await_more(10)
    load.since -= timedelta(days=2)  # what passed while the clock was wrong is logged by the wrong clock
    network.judge(load)
    network.stop(server)
