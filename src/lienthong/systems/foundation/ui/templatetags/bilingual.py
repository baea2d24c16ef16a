"""Saying a thing in the page's language: ``{% say "Xin chào" "Hello" %}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from lienthong.systems.vocabulary.bilingual import Language, Text

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Mapping[str, Any], vi: str, en: str) -> str:
    """The wording in the page's language."""
    return Text(vi, en).to(Language(context["language"]))
