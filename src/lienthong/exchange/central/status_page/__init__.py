"""The read-only page of a central server: publication, members, security servers. Nothing that is not published.

Why a publication failed is told in the log and to the administrator's commands, not here.
"""

from __future__ import annotations

from datetime import datetime

from lienthong.exchange.central.publication import PublicationStatus
from lienthong.exchange.central.registry import Registry
from lienthong.exchange.pages import Cell, Notice, Page, Row, State, Table, Texts

__all__ = ["central_page"]


def central_page(registry: Registry, status: PublicationStatus, *, now: datetime, language: str) -> Page:
    """The page in one language."""
    texts = Texts(__package__, language)
    return Page(
        language=language,
        title=texts.say("title"),
        subtitle=texts.say("instance", instance=registry.instance),
        other_language=texts.other.say("other"),
        notices=(_notice(status, now, texts),),
        tables=(
            _table("publication", (_published(status, now, texts), _expires(status, now, texts)), texts),
            _table("members", tuple(_member_rows(registry)), texts),
            _table("servers", tuple(_server_rows(registry, texts)), texts),
        ),
        footer=texts.say("footer", now=texts.instant(now)),
    )


def _notice(status: PublicationStatus, now: datetime, texts: Texts) -> Notice:
    if status.at is None:
        state, name = State.WARNING, "nothing"
    elif not status.success:
        state, name = State.BAD, "failed"
    elif status.expires is not None and status.expires <= now:
        state, name = State.BAD, "expired"
    else:
        state, name = State.GOOD, "good"
    title, text, cure = texts.words(f"notices.{name}")
    return Notice(state=state, title=title, text=text, cure=cure)


def _table(name: str, rows: tuple[Row, ...], texts: Texts) -> Table:
    heading, *columns = texts.words(f"tables.{name}")
    return Table(heading=heading, columns=tuple(columns), rows=rows, empty=texts.say("empty"))


def _published(status: PublicationStatus, now: datetime, texts: Texts) -> Row:
    name = Cell(text=texts.say("rows.published"))
    if status.at is None:
        return (name, Cell(text=texts.say("never")))
    state = State.GOOD if status.success else State.BAD
    return (name, Cell(text=texts.ago(status.at, now), note=texts.instant(status.at), state=state))


def _expires(status: PublicationStatus, now: datetime, texts: Texts) -> Row:
    name = Cell(text=texts.say("rows.expires"))
    if status.expires is None:
        return (name, Cell(text="–"))
    span, note = texts.span(status.expires - now), texts.instant(status.expires)
    if status.expires <= now:
        return (name, Cell(text=texts.say("over", span=span), note=note, state=State.BAD))
    return (name, Cell(text=texts.say("left", span=span), note=note, state=State.GOOD))


def _member_rows(registry: Registry) -> list[Row]:
    return [
        (
            Cell(text=member.name),
            Cell(text="/".join(member.id.parts), code=True),
            Cell(text=", ".join(subsystem.code for subsystem in member.subsystems) or "–"),
        )
        for member in registry.members
    ]


def _server_rows(registry: Registry, texts: Texts) -> list[Row]:
    names = {member.id: member.name for member in registry.members}
    rows: list[Row] = []
    for server in registry.servers:
        if server.maintenance is None:
            state = Cell(text=texts.say("states.service"), state=State.GOOD)
        else:
            note = server.maintenance.message or ""
            state = Cell(text=texts.say("states.maintenance"), note=note, state=State.WARNING)
        owner = Cell(text="/".join(server.id.parts), note=names.get(server.id.owner, ""), code=True)
        rows.append((owner, Cell(text=server.address or "–"), Cell(text=str(len(server.clients))), state))
    return rows
