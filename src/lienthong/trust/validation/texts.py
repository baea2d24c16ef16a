"""A report in words, Vietnamese or English; the sentences are data."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from lienthong.trust.validation.report import ReportedPart, SignatureReport, instant

LANGUAGES = ("vi", "en")


def explain(fault_code: str | None, *, language: str) -> str:
    """One sentence that says what a fault code means to a reader of evidence; the last word known counts."""
    texts = _texts()[language]
    for word in reversed((fault_code or "valid").split(".")):
        if word in texts["codes"]:
            return texts["codes"][word]
    return texts["codes"]["unknown"]


def render_report(report: SignatureReport, *, language: str) -> str:
    """The report as lines of text, in ``vi`` or ``en``."""
    labels = _texts()[language]["labels"]
    verdict = labels["valid"] if report.is_valid else labels["not_valid"]
    lines = [f"{verdict} – {explain(report.fault_code, language=language)}"]
    if report.fault_code:
        lines.append(f"{labels['fault_code']}: {report.fault_code} ({report.detail})")
    facts = (
        ("signer", report.signer),
        ("certificate", report.certificate and report.certificate.subject),
        ("issuer", report.certificate and report.certificate.issuer),
        ("signed_at", instant(report.signed_at)),
        ("gen_time", report.time and instant(report.time.gen_time)),
        ("authority", report.time and report.time.authority),
        ("policy", report.policy),
    )
    lines += [f"{labels[name]}: {value}" for name, value in facts if value]
    lines += [f"{labels['ocsp']}: {item.responder}, {instant(item.produced_at)}" for item in report.revocation]
    lines += [_part_line(part, labels) for part in report.parts]
    return "\n".join(lines) + "\n"


def _part_line(part: ReportedPart, labels: dict[str, str]) -> str:
    return f"{part.name}: {labels[part.state.value]}, {part.digest.algorithm.label} {part.digest.value.hex()}"


@cache
def _texts() -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = json.loads(
        files(__package__).joinpath("texts.json").read_text(encoding="utf-8")
    )
    return found
