"""The page on which a citizen sees who has read their data.

It is opened by a signed link with an unguessable key, until that link expires, and names the person by the last digits
of their number only, so that neither the address nor the page says who it is about to somebody looking on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lienthong.systems.foundation.access.events import Access
from lienthong.systems.foundation.legal_day import VIETNAM, instant_now, legal_day, legal_day_of
from lienthong.systems.foundation.ui.pages import language_of_page, not_found_page, render_page
from lienthong.systems.population import services
from lienthong.systems.population.access_keys import open_link
from lienthong.systems.population.web.wording import DATA_CLASSES, OPERATIONS
from lienthong.systems.vocabulary.agency_code import agency_name
from lienthong.systems.vocabulary.bilingual import Language, Text
from lienthong.systems.vocabulary.code_list import term

PAGE_SIZE = 25
_TEMPLATE = "population/own_access.html"
_COMPANY = Text("Tổ chức, doanh nghiệp mã số {code}", "Organisation with code {code}")
_AGENCY = Text("Cơ quan mã {code}", "Agency with code {code}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One event in words."""

    time: str
    """Time of day in Vietnam."""
    day: str
    """Day in Vietnam, as people write it."""
    instant: str
    """ISO 8601, for machines."""
    agency: str
    """Name of the party that asked."""
    client_parts: tuple[str, ...]
    """Its identifier on the exchange, in its parts."""
    officer: str
    """Its officer, personal numbers masked."""
    issue: str
    """Dossier or legal basis."""
    operation: str
    """What was asked."""
    data_classes: tuple[str, ...]
    """What was given."""
    message_id: str
    """Message in both security servers' logs."""


def own_access(request: HttpRequest, link: str) -> HttpResponse:
    """Show the page the link opens; one that is forged or has expired looks like any unknown address."""
    now = instant_now()
    key = open_link(link, secret=settings.SECRET_KEY, at=now)
    page = None if key is None else services.open_own_page(key, before=_before(request), limit=PAGE_SIZE + 1, at=now)
    if page is None:
        return not_found_page(request)
    language = language_of_page(request)
    day = legal_day()
    shown = page.events[:PAGE_SIZE]
    context = {
        "number": page.number.masked,
        "rows": [row_of(event, language) for event in shown],
        "visits": page.visits,
        "earlier": shown[-1].position if len(page.events) > PAGE_SIZE else None,
        "is_first": _before(request) is None,
        "register": term("population_register", day).to(language),
        "basis": term("data_protection_basis", day).to(language),
    }
    return render_page(request, _TEMPLATE, context)


def row_of(event: Access, language: Language) -> Row:
    """One event in the reader's language."""
    local = event.instant.astimezone(VIETNAM)
    return Row(
        time=f"{local:%H:%M}",
        day=_day(local, language),
        instant=local.isoformat(timespec="seconds"),
        agency=_agency(event.client, legal_day_of(event.instant)).to(language),
        client_parts=tuple(event.client.split("/")),
        officer=event.officer,
        issue=event.issue,
        operation=OPERATIONS[event.operation].to(language) if event.operation in OPERATIONS else event.operation,
        data_classes=tuple(DATA_CLASSES[c].to(language) if c in DATA_CLASSES else c for c in event.data_classes),
        message_id=event.message_id,
    )


def _agency(client: str, day: date) -> Text:
    _, member_class, code = client.split("/")[:3]
    unknown = _AGENCY if member_class == "GOV" else _COMPANY
    return agency_name(code, day) or unknown.filled(code=code)


def _day(local: datetime, language: Language) -> str:
    return f"{local:%d/%m/%Y}" if language is Language.VIETNAMESE else f"{local.day} {local:%B %Y}"


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 19 else None
