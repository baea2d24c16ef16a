"""What judging a signature gave: a value, its words in Vietnamese and English, its JSON."""

from lienthong.trust.validation.report import (
    Indication,
    PartState,
    ReportedPart,
    RevocationEvidence,
    SignatureReport,
    TimeEvidence,
    TimestampKind,
)
from lienthong.trust.validation.texts import explain, render_report

__all__ = [
    "Indication",
    "PartState",
    "ReportedPart",
    "RevocationEvidence",
    "SignatureReport",
    "TimeEvidence",
    "TimestampKind",
    "explain",
    "render_report",
]
