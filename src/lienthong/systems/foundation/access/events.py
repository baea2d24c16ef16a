"""Access events as values, and the two things done with them: leaving one, and listing a subject's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lienthong.exchange.connector.caller import Caller
from lienthong.exchange.identifiers import short_form
from lienthong.systems.foundation.access.models import AccessEvent
from lienthong.systems.vocabulary.person_number import PersonNumber

OWN_PAGE = "own_access_page"
"""Operation name of a subject opening the page that lists their own events."""
_PERSON_NUMBER = re.compile(r"[0-9]{8}(?=[0-9]{4}(?![0-9]))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One event as its subject sees it."""

    position: int
    """Place in the list of all events; later events have greater ones."""
    message_id: str
    """Message in both security servers' logs."""
    client: str
    """``INSTANCE/CLASS/CODE/SUBSYSTEM`` of the party that asked."""
    officer: str
    """Officer at the client; of a personal number inside only the last four digits remain."""
    issue: str
    """Dossier or legal basis."""
    operation: str
    """What was asked: an operation id."""
    data_classes: tuple[str, ...]
    """Classes of data that were given; empty when nothing was."""
    instant: datetime
    """When the answer was made, UTC."""


def leave_events(
    caller: Caller, *, subjects: Sequence[PersonNumber], operation: str, data_classes: Sequence[str], at: datetime
) -> None:
    """Add one event for each subject of an answer; one query.

    Call it inside the transaction that makes the answer, so that neither exists without the other.
    """
    AccessEvent.objects.bulk_create(
        AccessEvent(
            subject=subject.digits,
            message_id=caller.message_id,
            client=short_form(caller.client),
            officer=caller.user_id,
            issue=caller.issue,
            operation=operation,
            data_classes=" ".join(data_classes),
            instant=at,
        )
        for subject in subjects
    )


def leave_own_visit(*, subject: PersonNumber, at: datetime) -> None:
    """Add the event of the subject's own page having been opened."""
    AccessEvent.objects.create(subject=subject.digits, operation=OWN_PAGE, data_classes="access_events", instant=at)


def events_about(subject: PersonNumber, *, before: int | None = None, limit: int = 50) -> tuple[Access, ...]:
    """The subject's latest events, newest first, the openings of their own page left out; one query.

    Args:
        before: Position to continue from: only earlier events are given.
        limit: Most events in one answer.
    """
    rows = AccessEvent.objects.filter(subject=subject.digits).exclude(operation=OWN_PAGE)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    columns = ("id", "message_id", "client", "officer", "issue", "operation", "data_classes", "instant")
    return tuple(
        Access(
            position=position,
            message_id=message_id,
            client=client,
            officer=hide_numbers(officer),
            issue=issue,
            operation=operation,
            data_classes=tuple(classes.split()),
            instant=instant,
        )
        for position, message_id, client, officer, issue, operation, classes, instant in rows.order_by(
            "-id"
        ).values_list(*columns)[:limit]
    )


def own_visits(subject: PersonNumber) -> int:
    """How many times the subject's own page was opened; one query."""
    return AccessEvent.objects.filter(subject=subject.digits, operation=OWN_PAGE).count()


def hide_numbers(officer: str) -> str:
    """*officer* with every personal number in it reduced to its last four digits: officers are persons too."""
    return _PERSON_NUMBER.sub("•" * 8, officer)
