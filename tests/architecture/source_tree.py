"""What the architecture tests look at: our own modules, parsed once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.shared import ROOT

SOURCE = ROOT / "src" / "lienthong"


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of the package outside migrations, by its path."""
    paths = sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function and method, with the module that holds it."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def named(path: Path, node: ast.AST | None = None, name: str = "") -> str:
    """Say where something is, as an editor would jump to it."""
    line = getattr(node, "lineno", 1)
    return f"{path.relative_to(ROOT)}:{line} {name}".rstrip()
