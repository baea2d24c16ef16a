"""Read-only pages that a server shows its operators: one look, two languages, no script, everything escaped."""

from lienthong.exchange.pages.language import LANGUAGES, choose_language
from lienthong.exchange.pages.model import Cell, Notice, Page, Row, State, Table
from lienthong.exchange.pages.rendering import page_headers, render_page
from lienthong.exchange.pages.spans import say_instant, say_span
from lienthong.exchange.pages.texts import Texts

__all__ = [
    "LANGUAGES",
    "Cell",
    "Notice",
    "Page",
    "Row",
    "State",
    "Table",
    "Texts",
    "choose_language",
    "page_headers",
    "render_page",
    "say_instant",
    "say_span",
]
