"""What the log of our server holds after a case, against what genuine servers exported; and it is evidence."""

from __future__ import annotations

import io
import re
import zipfile

from tests.live.cases import LIVE, Case
from tests.live.conftest import Stage
from tests.unit.exchange import recordings

from lienthong.cli.evidence import load_configuration
from lienthong.exchange.message.evidence import verify_evidence
from lienthong.trust.algorithms import PRODUCTION

_ID = re.compile(rb"^x-road-id:[ ]?([^\r\n]*)\r$", re.IGNORECASE | re.MULTILINE)


def transit_message_id(request: bytes) -> str | None:
    """``x-road-id`` of a transport message's header block."""
    return service_message_id(recordings.split_http(request)[2].split(b"application/x-road-rest-request", 1)[-1])


def service_message_id(request: bytes) -> str | None:
    found = _ID.search(request)
    return None if found is None else found[1].decode()


def verdict(container: bytes) -> str | None:
    """The fault code of ``lienthong evidence verify``; None for valid evidence."""
    report = verify_evidence(container, trust=load_configuration(LIVE / "globalconf/ss1"), policy=PRODUCTION, bodies={})
    return None if report.is_valid else str(report.fault_code)


async def same_log(stage: Stage, case: Case, role: str) -> None:
    """Ours logged the same messages as the recorded server, and each container it exports is valid."""
    recorded = {path.name.split(".")[1]: path.read_bytes() for path in case.containers(role)}
    for call in case.calls if recorded else ():
        assert call.message_id is not None
        ours = await stage.server.logged(call.message_id)
        assert [verdict(container) for _, container in ours] == [None] * len(ours)
        if len(case.calls) == 1:
            assert {side for side, _ in ours} == set(recorded)
            messages = [(side, _message(container)) for side, container in ours]
            assert all((side, _message(container)) in messages for side, container in recorded.items())


def _message(container: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(container)) as archive:
        return archive.read("message.xml")
