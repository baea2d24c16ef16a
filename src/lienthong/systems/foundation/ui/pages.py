"""Making a page: its language, the frame around it, and the addresses of its other language and style sheet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.urls.resolvers import URLPattern

from lienthong.systems.vocabulary.bilingual import Language

_ONE_YEAR = "public, max-age=31536000, immutable"


def language_of_page(request: HttpRequest) -> Language:
    """The language in ``?lang=``; Vietnamese, the official one, when it says nothing we know."""
    return Language.ENGLISH if request.GET.get("lang") == Language.ENGLISH.value else Language.VIETNAMESE


def render_page(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """The page in the reader's language inside the shared frame."""
    language = language_of_page(request)
    frame = {"language": language.value, "style_name": _style()[1], "path": request.path}
    body = render_to_string(template, {**frame, **context})
    return HttpResponse(body, status=status, headers={"Content-Language": language.value})


def not_found_page(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address nothing lives at, and for a link that opens nothing: both look the same."""
    return render_page(request, "ui/not_found.html", {}, status=404)


def failed_page(request: HttpRequest) -> HttpResponse:
    """The page for a failure of ours."""
    return render_page(request, "ui/failed.html", {}, status=500)


def style_sheet(request: HttpRequest, name: str) -> HttpResponse:
    """The one style sheet; its address changes with its content, so readers may keep it."""
    text, current = _style()
    if name != current:
        return not_found_page(request)
    return HttpResponse(text, content_type="text/css; charset=utf-8", headers={"Cache-Control": _ONE_YEAR})


ui_urls: list[URLPattern] = [path("ui/<str:name>", style_sheet, name="style-sheet")]
"""Addresses every system with pages serves."""


@cache
def _style() -> tuple[str, str]:
    text = files("lienthong.systems.foundation.ui").joinpath("data", "style.css").read_text(encoding="utf-8")
    return text, f"{sha256(text.encode()).hexdigest()[:16]}.css"
