"""Where the blocks of a Header stand in the text of an envelope that was read and found well-formed.

Source: XML 1.0 s.2.5, s.2.6, s.2.7, s.3.1.
"""

from __future__ import annotations

import re

S = "[ \t\r\n]"
"""White space; ``\\\\s`` would take parts of UTF-8 characters for it."""
VALUE = """(?:"[^"]*"|'[^']*')"""
"""An attribute's value, quoted."""
START_TAG = re.compile(rf"<(?P<name>[^ \t\r\n/>]+)(?P<attributes>(?:{S}+[^ \t\r\n=/>]+{S}*={S}*{VALUE})*){S}*/?>")

_MARKUP = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|(?P<end></[^>]*>)"
    r"|(?P<start><[^\"'>]*(?:(?:\"[^\"]*\"|'[^']*')[^\"'>]*)*>)",
    re.DOTALL,
)
_SECTION, _BLOCK = 2, 3
"""How deep Header and Body are, and a header block."""


def blocks_of(text: str, header: int) -> list[tuple[int, int]]:
    """From where to where each child element of the Header reaches, its tags included.

    Args:
        header: Which child element of the envelope the Header is.
    """
    blocks: list[tuple[int, int]] = []
    depth, section, start = 0, -1, 0
    for markup in _MARKUP.finditer(text):
        kind = markup.lastgroup
        if kind == "start":
            depth += 1
            section += depth == _SECTION
            if depth == _BLOCK:
                start = markup.start()
        if kind == "end" or (kind == "start" and text[markup.end() - 2] == "/"):
            depth -= 1
            if section == header and depth == _SECTION:
                blocks.append((start, markup.end()))
            elif section == header and depth < _SECTION:
                break
    return blocks
