"""Charter 18: a Vietnamese term that a docstring or a heading of a manual gives is in the glossary."""

import ast
import re

from tests.architecture.source_tree import modules, named
from tests.shared import ROOT

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8").lower()
VIETNAMESE = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
GIVEN = re.compile(r"\(([^()\d`'\"…]+)\)")
"""A term is given in brackets behind the English one."""
NAMES = {"đồng nai", "bình phước", "nguyễn"}
"""Examples, no terms."""


def terms_in(text: str) -> list[str]:
    """The Vietnamese terms that a text gives."""
    found = (" ".join(term.replace("*", "").split()).lower() for term in GIVEN.findall(text))
    return [term for term in found if VIETNAMESE.search(term) and term not in NAMES and ":" not in term]


def test_terms_of_docstrings() -> None:
    unknown = []
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (text := ast.get_docstring(node)):
                unknown += [named(path, node, term) for term in terms_in(text) if term not in GLOSSARY]
    assert unknown == []


def test_terms_of_headings() -> None:
    pages = sorted((ROOT / "docs" / "manual").glob("*.md"))
    headings = [line for page in pages for line in page.read_text("utf-8").splitlines() if line.startswith("# ")]
    assert [term for heading in headings for term in terms_in(heading) if term not in GLOSSARY] == []


def test_terms_are_found() -> None:
    assert terms_in("A card (thẻ căn cước).") == ["thẻ căn cước"]
    assert terms_in("A list (of things) and (12).") == []
