"""The status page of a security server: what needs attention first, then everything with its age.

No personal data: messages are told of by organisation, service and fault code alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lienthong.exchange.pages import Cell, Notice, Page, Row, State, Table, Texts
from lienthong.exchange.security.channel import Failure
from lienthong.exchange.security.explain import advice_for
from lienthong.exchange.security.explain.own import SOON
from lienthong.exchange.security.status.facts import CycleFacts, KeyFacts, ServerFacts
from lienthong.exchange.security.status.health import judge_health

SHOWN_FAILURES = 20


def status_page(facts: ServerFacts, language: str) -> Page:
    """The page in one language."""
    texts = Texts(__package__, language)
    return Page(
        language=language,
        title=texts.say("title"),
        subtitle="/".join(facts.server.parts),
        other_language=texts.other.say("other"),
        notices=(*_ailments(facts, texts), *_warnings(facts, texts)),
        tables=(_work(facts, texts), _keys(facts, texts), _traffic(facts, texts), _failures(facts, texts)),
        footer=texts.say("footer", now=texts.instant(facts.now)),
    )


def _ailments(facts: ServerFacts, texts: Texts) -> Iterator[Notice]:
    ailments = judge_health(facts)
    for each in ailments:
        yield _notice(State.BAD, texts.words(f"ailments.{each.reason.value}", subject=each.subject, detail=each.detail))
    if not ailments:
        yield Notice(state=State.GOOD, title=texts.say("healthy"), text=texts.say("healthy_text"))


def _warnings(facts: ServerFacts, texts: Texts) -> Iterator[Notice]:
    if 0 < facts.workers < facts.workers_wanted:
        values = {"alive": str(facts.workers), "wanted": str(facts.workers_wanted)}
        yield _notice(State.WARNING, texts.words("warnings.workers", **values))
    for cycle in facts.cycles:
        if cycle.problem:
            values = {"name": _name(cycle, texts), "problem": cycle.problem, "cure": _cure(cycle, facts, texts)}
            yield _notice(State.WARNING, texts.words("warnings.cycle", **values))
    for key in facts.disk.keys:
        if key.not_after is not None and not key.problem_at(facts.now) and key.not_after - facts.now < SOON:
            values = {"owner": key.owner, "span": texts.span(key.not_after - facts.now)}
            yield _notice(State.WARNING, texts.words("warnings.ending", **values))


def _cure(cycle: CycleFacts, facts: ServerFacts, texts: Texts) -> str:
    name = "timestamp_forever" if cycle.name == "timestamp" and not facts.timestamp_period else cycle.name
    return texts.say(f"cures.{name}", period=texts.span(facts.timestamp_period))


def _notice(state: State, words: tuple[str, ...]) -> Notice:
    title, text, cure = words
    return Notice(state=state, title=title, text=text, cure=cure)


def _table(name: str, rows: tuple[Row, ...], texts: Texts, empty: str = "") -> Table:
    heading, *columns = texts.words(f"tables.{name}")
    return Table(heading=heading, columns=tuple(columns), rows=rows, empty=empty)


def _work(facts: ServerFacts, texts: Texts) -> Table:
    cycles = (_cycle(cycle, facts, texts) for cycle in facts.cycles)
    return _table("work", (_validity(facts, texts), *cycles, _workers(facts, texts)), texts)


def _validity(facts: ServerFacts, texts: Texts) -> Row:
    name, disk = Cell(text=texts.say("rows.validity")), facts.disk
    if not disk.has_configuration:
        return (name, _state("missing", State.BAD, texts), Cell(text=texts.say("none")))
    if disk.expires is None:
        return (name, _state("good", State.GOOD, texts), Cell(text="–"))
    span = texts.span(disk.expires - facts.now)
    if disk.expires <= facts.now:
        return (name, _state("expired", State.BAD, texts), Cell(text=texts.say("over", span=span)))
    return (name, _state("good", State.GOOD, texts), Cell(text=texts.say("left", span=span)))


def _cycle(cycle: CycleFacts, facts: ServerFacts, texts: Texts) -> Row:
    when = texts.say("never") if cycle.last_good is None else texts.ago(cycle.last_good, facts.now)
    if cycle.problem:
        state = _state("failing", State.WARNING, texts)
    elif cycle.last_good is None:
        state = _state("waiting", State.WARNING, texts)
    else:
        state = _state("good", State.GOOD, texts)
    return (Cell(text=_name(cycle, texts)), state, Cell(text=when))


def _name(cycle: CycleFacts, texts: Texts) -> str:
    return texts.find(f"cycles.{cycle.name}", cycle.name)


def _workers(facts: ServerFacts, texts: Texts) -> Row:
    value = texts.say("rows.workers_value", alive=str(facts.workers), wanted=str(facts.workers_wanted))
    if not facts.workers:
        state = _state("missing", State.BAD, texts)
    elif facts.workers < facts.workers_wanted:
        state = _state("warning", State.WARNING, texts)
    else:
        state = _state("good", State.GOOD, texts)
    return (Cell(text=texts.say("rows.workers")), state, Cell(text=value))


def _state(name: str, state: State, texts: Texts) -> Cell:
    return Cell(text=texts.say(f"states.{name}"), state=state)


def _keys(facts: ServerFacts, texts: Texts) -> Table:
    rows = tuple(
        (
            Cell(text=texts.say(f"uses.{key.use.value}")),
            Cell(text=key.owner, code=True),
            _key_state(key, facts, texts),
            _certificate(key, facts, texts),
            Cell(text=texts.say("none") if key.ocsp_at is None else texts.ago(key.ocsp_at, facts.now)),
        )
        for key in facts.disk.keys
    )
    return _table("keys", rows, texts, texts.say("no_keys"))


def _key_state(key: KeyFacts, facts: ServerFacts, texts: Texts) -> Cell:
    problem = key.problem_at(facts.now)
    if key.is_spare:
        return Cell(text=texts.say("states.spare"), note=problem)
    if problem:
        return Cell(text=texts.say("states.bad"), note=problem, state=State.BAD)
    return _state("good", State.GOOD, texts)


def _certificate(key: KeyFacts, facts: ServerFacts, texts: Texts) -> Cell:
    if key.not_after is None:
        return Cell(text=texts.say("none"))
    left, note = key.not_after - facts.now, texts.instant(key.not_after)
    if key.not_after <= facts.now:
        return Cell(text=texts.say("over", span=texts.span(left)), note=note, state=State.BAD)
    state = State.WARNING if left < SOON else State.PLAIN
    return Cell(text=texts.say("left", span=texts.span(left)), note=note, state=state)


def _traffic(facts: ServerFacts, texts: Texts) -> Table:
    def count(name: str) -> Cell:
        return Cell(text=str(facts.counters.get(name, 0)))

    rows = tuple(
        (Cell(text=texts.say(f"sides.{side}")), count(f"{side}_exchanges"), count(f"{side}_failures"))
        for side in ("client", "server")
    )
    return _table("traffic", rows, texts)


def _failures(facts: ServerFacts, texts: Texts) -> Table:
    """Alike ones share a row: an outage refuses a hundred messages for one cause."""
    alike: dict[tuple[str, ...], list[Failure]] = {}
    for failure in facts.failures:
        alike.setdefault((failure.side, failure.fault_code, failure.client, failure.service), []).append(failure)
    rows = tuple(_failure(group[0], len(group), facts, texts) for group in islice(alike.values(), SHOWN_FAILURES))
    return _table("failures", rows, texts, texts.say("no_failures"))


def _failure(failure: Failure, count: int, facts: ServerFacts, texts: Texts) -> Row:
    """The youngest of *count* that are alike."""
    advice = advice_for(failure.fault_code, texts.language)
    side = texts.find(f"sides.{failure.side}", "")
    note = side if count == 1 else texts.say("times", side=side, count=str(count))
    return (
        Cell(text=texts.ago(failure.at, facts.now), note=note),
        Cell(text=failure.fault_code, note=failure.detail, code=True),
        Cell(text=failure.client, note=failure.service),
        Cell(text=_sentence(advice.cause), note=_sentence(advice.cure)),
    )


def _sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(("…", ".", "/")) else ".")
