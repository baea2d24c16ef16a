"""What the log of our server holds after a case, against what genuine servers exported; and it is evidence."""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path

from tests.live.cases import LIVE, Case
from tests.live.comparison import same_xml
from tests.live.stage import Stage

from lienthong.cli.evidence import load_configuration
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.message.evidence import verify_evidence
from lienthong.trust.algorithms import PRODUCTION


@cache
def _trust() -> GlobalConfSet:
    return load_configuration(LIVE / "globalconf/ss1")


def verdict(container: bytes) -> str | None:
    """The fault code of ``lienthong evidence verify``; None for valid evidence."""
    report = verify_evidence(container, trust=_trust(), policy=PRODUCTION)
    return None if report.is_valid else str(report.fault_code)


def log_differences(stage: Stage, case: Case, role: str) -> list[str]:
    """How what ours logged differs from what the recorded server exported, where it exported anything."""
    recorded = {path.name.split(".")[1]: path for path in case.containers(role)}
    if not recorded or len(case.calls) > 1:
        return []
    ours = stage.server.logged(case.calls[0].message_id or "")
    if {side for side, _ in ours} != set(recorded):
        return [f"logged {[side for side, _ in ours]}, recorded {sorted(recorded)}"]
    return [
        f"another {side} logged"
        for side, path in recorded.items()
        if not any(
            kind == side and (message == _message(path) or same_xml(message, _message(path))) for kind, message in ours
        )
    ]


def _message(container: Path) -> bytes:
    with zipfile.ZipFile(container) as archive:
        return archive.read("message.xml")
