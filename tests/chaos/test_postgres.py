"""PostgreSQL as the log of record of running servers, or as the index of their journals, killed under load."""

import pytest
from tests.chaos.network import PROVIDER, ChaosNetwork
from tests.chaos.processes import await_fact
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


def test_messages_go_on_while_the_index_in_postgres_is_away(founded: ChaosNetwork) -> None:
    network = founded
    network.judge_logs()
    with postgres_server() as postgres:
        dsn = network.folder / "dsn"
        dsn.write_text(postgres.conninfo)
        network.ensure(provider={"log": {"index": "postgres", "dsn_file": str(dsn)}})
        with network.load("index") as load:
            load.await_more(20)
            postgres.kill()
            await_fact(
                lambda: network.failing_cycles(PROVIDER) == {"index", "timestamp"}, what="both cycles of the index fail"
            )
            load.await_more(20)
            postgres.start()
            await_fact(lambda: not network.failing_cycles(PROVIDER), what="the index has caught up")
            load.await_more(20)
        assert not load.failures
        network.judge(load)
        network.judge_logs()
        network.stop(PROVIDER)
        postgres.kill()
        network.start(PROVIDER)
        network.await_whole(PROVIDER)
        with network.load("no index yet") as load:
            load.await_more(20)
        postgres.start()
        network.judge(load)
        network.judge_logs()
        network.operate(PROVIDER, "timestamp", "--now")
        network.ensure()
