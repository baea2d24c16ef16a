"""Pages as HTML: the frame and the style sheet are data files, every text is escaped on its way in."""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import re
from functools import cache
from html import escape
from string import Template

from lienthong.exchange.pages.language import LANGUAGES
from lienthong.exchange.pages.model import Cell, Notice, Page, Row, State, Table

_SEAM = re.compile(r"([/_,]|(?<=[a-z])\.(?=[a-z]))(?=\w)")
"""Within identifiers and fault codes."""


def render_page(page: Page) -> bytes:
    """The page as a UTF-8 HTML document of its own: no script, no link to anything but itself."""
    other = next(language for language in LANGUAGES if language != page.language)
    document = Template(_file("page.html")).substitute(
        language=escape(page.language),
        other=other,
        other_name=escape(page.other_language),
        style=_style(),
        title=escape(page.title),
        subtitle=_breakable(page.subtitle),
        notices="".join(map(_notice, page.notices)),
        tables="".join(map(_table, page.tables)),
        footer=escape(page.footer),
    )
    return document.encode()


def _notice(notice: Notice) -> str:
    text = f"<p>{_breakable(notice.text)}</p>" if notice.text else ""
    cure = f'<p class="cure">{escape(notice.cure)}</p>' if notice.cure else ""
    return f'<div class="notice {notice.state.value}"><h2>{_breakable(notice.title)}</h2>{text}{cure}</div>\n'


def _table(table: Table) -> str:
    heading = f"<h2>{escape(table.heading)}</h2>"
    if not table.rows:
        return f'<section>{heading}<p class="empty">{escape(table.empty)}</p></section>\n'
    columns = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    rows = "".join(_row(table.columns, row) for row in table.rows)
    body = f"<table><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<section>{heading}{body}</section>\n"


def _row(columns: tuple[str, ...], row: Row) -> str:
    cells = [_cell(column, cell) for column, cell in zip(columns, row, strict=True)]
    return f"<tr>{''.join(cells)}</tr>\n"


def _cell(column: str, cell: Cell) -> str:
    text = _breakable(cell.text)
    if cell.code:
        text = f"<code>{text}</code>"
    if cell.state is not State.PLAIN:
        text = f'<span class="state {cell.state.value}">{text}</span>'
    note = f"<small>{_breakable(cell.note)}</small>" if cell.note else ""
    return f'<td data-label="{escape(column)}"><div>{text}{note}</div></td>'


def _breakable(text: str) -> str:
    """Escaped, with places where long names may go on in the next line; a browser would cut them anywhere."""
    return _SEAM.sub(r"\1<wbr>", escape(text))


@cache
def _file(name: str) -> str:
    return importlib.resources.files(__package__).joinpath(name).read_text("utf-8")


@cache
def _style() -> str:
    return _file("page.css")


def _policy() -> str:
    """Nothing may be loaded or run; the one style sheet is known by its digest. Source: W3C CSP Level 3."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def page_headers() -> dict[str, str]:
    """Headers that every page goes out with."""
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": _policy(),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept-Language",
        "X-Content-Type-Options": "nosniff",
    }
