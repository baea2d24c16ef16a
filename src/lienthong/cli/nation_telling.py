"""How the commands of a nation speak: a time, a mark and a sentence, within 80 columns."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 80
_INDENT = 12
_MARKS = {"held": ("✓", "32"), "failed": ("✗", "31"), "unjudged": ("–", "33")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Writes lines for people; silent where the answer is JSON."""

    color: bool
    silent: bool = False

    def say(self, *lines: str) -> None:
        """Write lines as they are."""
        if not self.silent:
            self._clear()
            print(*lines, sep="\n", flush=True)

    def tell(self, mark: str, text: str, *, seconds: float | None = None) -> None:
        """Write a marked sentence, wrapped; what follows a line break (an address) stands alone at the margin."""
        sentence, *alone = text.split("\n")
        sign, colour = _MARKS[mark]
        shown = f"\x1b[{colour}m{sign}\x1b[0m" if self.color else sign
        first, *rest = textwrap.wrap(sentence, WIDTH - _INDENT, break_long_words=False, break_on_hyphens=False) or [""]
        time = "" if seconds is None else measured(seconds)
        self.say(f"{time:>{_INDENT - 3}} {shown} {first}", *(" " * _INDENT + line for line in rest), *alone)

    def progress(self, text: str) -> None:
        """Show what is being waited for, where a terminal can take it away again."""
        if not self.silent and sys.stdout.isatty():
            self._clear()
            print(f"{'…':>{_INDENT - 3}}   {text}"[:WIDTH], end="", flush=True)

    def _clear(self) -> None:
        if sys.stdout.isatty():
            print("\r\x1b[K", end="")


def measured(seconds: float) -> str:
    """A duration as people read it."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines with aligned columns."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))] if rows else []
    return ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
