"""``security description lint``: what is wrong with a WSDL or an OpenAPI document, with place, cause and cure."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from lienthong.cli.answers import Answer
from lienthong.exchange.adapters.description_source import DescriptionSource
from lienthong.exchange.metadata.description import type_of
from lienthong.exchange.metadata.lint import Finding, Severity, lint_openapi, lint_wsdl, words_of
from lienthong.exchange.serverconf.settings import ServiceType

_TEXTS = {
    "vi": {
        "error": "lỗi", "warning": "cảnh báo", "note": "lưu ý", "good": "{place}: {type}, không có gì sai",
        "found": "{place}: {type}, {errors} lỗi, {others} điều nên sửa",
    },
    "en": {
        "error": "error", "warning": "warning", "note": "note", "good": "{place}: {type}, nothing is wrong",
        "found": "{place}: {type}, {errors} error(s), {others} other finding(s)",
    },
}  # fmt: skip


def lint(args: argparse.Namespace) -> Answer:
    """What is wrong with a document."""
    source = DescriptionSource(args.place)
    document = source.read()
    kind, findings = type_of(document), findings_of(document, source)
    errors = count_errors(findings)
    texts = _TEXTS[args.lang]
    told = {"place": args.place, "type": kind.value}
    summary = texts["found" if findings else "good"].format(**told, errors=errors, others=len(findings) - errors)
    values = {"action": "lint", **told, "errors": errors, "findings": [_values(each, args.lang) for each in findings]}
    return values, [*(line for each in findings for line in _lines(each, args)), summary]


def findings_of(document: bytes, source: DescriptionSource) -> tuple[Finding, ...]:
    """Everything that is wrong with a document that came from *source*."""
    if type_of(document) is ServiceType.WSDL:
        return lint_wsdl(document, fetch=source.beside)
    return lint_openapi(document)


def count_errors(findings: Sequence[Finding]) -> int:
    """How many of them are errors."""
    return sum(finding.severity is Severity.ERROR for finding in findings)


def _lines(finding: Finding, args: argparse.Namespace) -> list[str]:
    words = words_of(finding, args.lang)
    place = f"{args.place}:{finding.place}" if finding.place else args.place
    return [f"{place}: {_TEXTS[args.lang][finding.severity.value]}: {words.cause}", f"    {words.cure}"]


def _values(finding: Finding, language: str) -> dict[str, object]:
    words = words_of(finding, language)
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "line": finding.line,
        "pointer": finding.pointer,
        "cause": words.cause,
        "cure": words.cure,
    }
