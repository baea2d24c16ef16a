import json
import re
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from tests.fakes import instance_seen as seen

import lienthong.exchange.security.explain as room
from lienthong.exchange.security.explain.texts import known_reasons, name_of, word_for, words_of
from lienthong.exchange.security.explain.verdicts import Outcome, Step, refuses

REASON = re.compile(r'"([a-z]+\.[a-z_]+)"')
MADE_UP = {f"{step}.elsewhere" for step in ("service", "access", "disabled", "purpose")}
MADE_UP |= {f"{step}.good" for step in ("service", "access", "disabled")}
MADE_UP |= {"service.unknown_service", "service.service_type", "disabled.service_disabled", "untried"}
MADE_UP |= {"service.service_type_rest"}
MADE_UP |= {"access.access_denied", "access.access_denied_here", "certificate.usable_soon_over"}
MADE_UP |= {"certificate.valid_soon_over"}


def test_every_reason_of_the_code_has_a_text_and_every_text_a_reason() -> None:
    folder = Path(room.__file__).parent
    written = {
        reason
        for path in folder.glob("*.py")
        for reason in REASON.findall(path.read_text("utf-8"))
        if reason.partition(".")[0] in {step.value for step in Step} | {"keys", "outside"}
    }
    assert written | MADE_UP == known_reasons()


def test_both_languages_are_filled_with_the_same_values() -> None:
    texts = json.loads(files(room.__name__).joinpath("texts.json").read_text("utf-8"))["reasons"]
    for reason, by_language in texts.items():
        fields = [
            {kind: set(re.findall(r"\{(\w+)\}", text)) for kind, text in by_language[language].items()}
            for language in ("vi", "en")
        ]
        assert fields[0] == fields[1], reason


@pytest.mark.parametrize("language", ["vi", "en"])
def test_steps_and_outcomes_have_names(language: str) -> None:
    assert all(name_of(step, language) for step in Step)
    assert all(word_for(outcome, language) for outcome in Outcome)


def test_spans_and_instants_are_said_in_the_language() -> None:
    verdict = refuses(
        Step.CONFIGURATION, "configuration.expired", "x", expired=seen.NOW, ago=timedelta(hours=2, minutes=5)
    )
    assert words_of(verdict, "vi").cause == "hết hạn lúc 25/11/2026 10:00, cách đây 2 giờ 5 phút"
    assert words_of(verdict, "en").cause == "expired at 2026-11-25 10:00 (UTC+7), 2 hours 5 minutes ago"
    assert "NTP" not in words_of(verdict, "en").cure
