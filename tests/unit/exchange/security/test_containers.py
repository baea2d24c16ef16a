"""The download of one's own evidence: also of what has gone into an archive."""

from pathlib import Path

import pytest
from tests.fakes.log_records import CONSUMER
from tests.fakes.old_log import OldLog
from tests.fakes.signing import trust

from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.log_archive_files import archives_in
from lienthong.exchange.message.evidence import verify_evidence
from lienthong.exchange.security.containers import AsicQuery, RefusedError, collect


def query(message_id: str) -> AsicQuery:
    return AsicQuery(message_id=message_id, client=CONSUMER, is_response=None, is_unique=False, is_forced=False)


def test_what_is_archived_is_given_as_it_lies_there(tmp_path: Path) -> None:
    log = OldLog(tmp_path)
    log.write(10)
    with pytest.raises(RefusedError, match="not been timestamped"):
        collect(log.index, query("m0"), log.archives)
    log.stamp()
    (before,) = collect(log.index, query("m0"), log.archives)
    log.take()
    assert "m0" in log.archived()
    (after,) = collect(log.index, query("m0"), log.archives)
    assert after == before
    assert verify_evidence(after.data, trust=trust()).is_valid
    for path in archives_in(log.archives):
        path.unlink()
    with pytest.raises(JournalError):
        collect(log.index, query("m0"), log.archives)
    with pytest.raises(RefusedError, match="No log records"):
        collect(log.index, query("none"), log.archives)
    log.index.close()
