"""Charter 12: small files, small functions, flat code. An exemption needs a reason beside it."""

import ast

from tests.architecture.source_tree import functions, modules, named

MODULE_LINES = 400
BODY_LINES = 40
NESTING = 3

_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)

TABLE_MODULES: dict[str, str] = {}
"""Modules that are tables in Python, with the reason; path ends exempt from the module limit."""


def test_modules_are_short() -> None:
    long = [
        named(path, None, f"({lines} lines)")
        for path in modules()
        if (lines := path.read_text(encoding="utf-8").count("\n")) > MODULE_LINES
        and not any(str(path).endswith(end) for end in TABLE_MODULES)
    ]
    assert long == []


def _body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return ((body[-1].end_lineno or 0) - body[0].lineno + 1) if body else 0


def test_function_bodies_are_short() -> None:
    long = [named(p, n, f"{n.name} ({_body_lines(n)})") for p, n in functions() if _body_lines(n) > BODY_LINES]
    assert long == []


def _depth(node: ast.AST, depth: int = 0) -> int:
    deepest = depth
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        step = int(isinstance(child, _BLOCKS) and not is_elif)
        deepest = max(deepest, _depth(child, depth + step))
    return deepest


def test_code_is_flat() -> None:
    deep = [named(path, node, f"{node.name} ({_depth(node)})") for path, node in functions() if _depth(node) > NESTING]
    assert deep == []


def test_five_positional_parameters_then_keywords() -> None:
    wide = []
    for path, node in functions():
        names = [a.arg for a in node.args.posonlyargs + node.args.args if a.arg not in {"self", "cls"}]
        if len(names) > 5:
            wide.append(named(path, node, f"{node.name}({', '.join(names)})"))
    assert wide == []
