"""PostgreSQL as the log of record of running servers, killed under load."""

import pytest
from tests.chaos.network import PROVIDER, ChaosNetwork
from tests.fakes.postgres import postgres_server

pytestmark = [pytest.mark.sockets, pytest.mark.slow]


def test_postgres_is_the_log_of_record_and_is_killed_under_load(founded: ChaosNetwork) -> None:
    network = founded
    network.judge_logs()
    with postgres_server() as postgres:
        dsn = network.folder / "dsn"
        dsn.write_text(postgres.conninfo)
        network.ensure(provider={"log": {"engine": "postgres", "dsn_file": str(dsn)}})
        with network.load("postgres") as load:
            load.await_more(20)
            postgres.kill()
            load.await_failure("server.serverproxy.logging_failed")
            postgres.start()
            load.await_more(20)
        network.judge(load)
        network.judge_logs()
        network.operate(PROVIDER, "timestamp", "--now")
        network.ensure()
