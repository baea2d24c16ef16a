from tests.fakes import server_facts as given
from tests.fakes.instance_seen import NOW

from lienthong.exchange.security.cycles.timestamps import TimestampState
from lienthong.exchange.security.explain.inside import read_running
from lienthong.exchange.security.status.facts import CycleFacts
from lienthong.exchange.security.status.summary import summarize


def test_explain_reads_what_the_summary_tells() -> None:
    stamps = TimestampState(last_success=NOW, failing_since=NOW, has_tsa=False)
    running = read_running(summarize(given.server(timestamps=stamps)))
    assert (running.workers, running.has_tsa) == (2, False)
    assert (running.last_timestamp, running.failing_since) == (NOW, NOW)
    fresh = read_running(summarize(given.server(timestamps=TimestampState())))
    assert (fresh.last_timestamp, fresh.failing_since, fresh.has_tsa) == (None, None, True)


def test_one_line_a_fact() -> None:
    told = summarize(
        given.server(
            disk=given.disk(keys=(given.key(problem="revoked"),)), cycles=(CycleFacts(name="ocsp", problem="refused"),)
        )
    )
    assert told["healthy"] == "no"
    assert told["reasons"] == "signer VN/GOV/000.00.00.G01 revoked"
    assert told["cycle_ocsp"] == "refused"
    assert told["key_signing_VN/GOV/000.00.00.G01"] == "revoked"
    assert told["count_client_exchanges"] == "7"
