"""An explanation as a table for people, and as JSON for programs."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

from lienthong.exchange.identifiers import short_form
from lienthong.exchange.security.explain.texts import name_of, word_for, words_of
from lienthong.exchange.security.explain.verdicts import Explanation, Outcome, Value, Verdict

_SIGNS = {
    Outcome.PASSES: "+",
    Outcome.WARNS: "!",
    Outcome.REFUSES: "x",
    Outcome.UNKNOWN: "?",
    Outcome.UNTRIED: "-",
}
_WORDS = {
    "vi": {"cure": "cách khắc phục", "fault": "mã lỗi bên gọi nhận"},
    "en": {"cure": "cure", "fault": "fault code for the caller"},
}
_SUMMARY = {
    "vi": {
        True: "Thông điệp sẽ bị từ chối ở bước: {step}",
        False: "Không thấy bước nào từ chối.",
        None: "Không thấy bước nào từ chối trong những gì biết được từ đây.",
    },
    "en": {
        True: "The message would be refused at: {step}",
        False: "Nothing would refuse the message.",
        None: "Nothing that can be known from here would refuse the message.",
    },
}


def table_of(explanation: Explanation, language: str) -> str:
    """Every step with outcome, cause and cure; the first refusal is marked with ``>>``."""
    question, first = explanation.question, explanation.first_refusal
    lines = [f"{short_form(question.client)} -> {short_form(question.service)}  {question.method} {question.path}", ""]
    width = max(_width(name_of(verdict.step, language)) for verdict in explanation.verdicts)
    for verdict in explanation.verdicts:
        lines += _lines(verdict, language, width, is_first=verdict is first)
    return "\n".join([*lines, "", _summary(explanation, language)])


def json_of(explanation: Explanation, language: str) -> dict[str, object]:
    """Plain values; times in ISO 8601, spans in seconds."""
    question, first = explanation.question, explanation.first_refusal
    return {
        "client": short_form(question.client),
        "service": short_form(question.service),
        "method": question.method,
        "path": question.path,
        "refused": first is not None,
        "first_refusal": None if first is None else first.step.value,
        "fault_code": None if first is None else first.fault_code or None,
        "steps": [_step(verdict, language) for verdict in explanation.verdicts],
    }


def _lines(verdict: Verdict, language: str, width: int, *, is_first: bool) -> list[str]:
    words, labels = words_of(verdict, language), _WORDS[language]
    name = name_of(verdict.step, language)
    mark = ">>" if is_first else "  "
    padded = name + " " * (width - _width(name))
    server = f"[{verdict.server}] " if verdict.server else ""
    outcome = word_for(verdict.outcome, language)
    lines = [f"{mark} {_SIGNS[verdict.outcome]} {padded}  {outcome}: {server}{words.cause}"]
    indent = " " * (width + 7)
    if verdict.fault_code and verdict.outcome is Outcome.REFUSES:
        lines.append(f"{indent}{labels['fault']}: {verdict.fault_code}")
    if words.cure and verdict.outcome in {Outcome.REFUSES, Outcome.WARNS}:
        lines.append(f"{indent}{labels['cure']}: {words.cure}")
    return lines


def _summary(explanation: Explanation, language: str) -> str:
    first = explanation.first_refusal
    if first is not None:
        return _SUMMARY[language][True].format(step=name_of(first.step, language))
    has_unknown = any(verdict.outcome is Outcome.UNKNOWN for verdict in explanation.verdicts)
    return _SUMMARY[language][None if has_unknown else False]


def _step(verdict: Verdict, language: str) -> dict[str, object]:
    words = words_of(verdict, language)
    return {
        "step": verdict.step.value,
        "outcome": verdict.outcome.value,
        "reason": verdict.reason,
        "server": verdict.server or None,
        "fault_code": verdict.fault_code or None,
        "cause": words.cause,
        "cure": words.cure or None,
        "values": {name: _plain(value) for name, value in verdict.values.items()},
    }


def _plain(value: Value) -> str | int | float:
    match value:
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case _:
            return value


def _width(text: str) -> int:
    """Columns a text takes: combining marks take none."""
    return sum(not unicodedata.combining(character) for character in text)
