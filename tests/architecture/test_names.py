"""Charter 13 and 21: every module has a noun, and everything public says what it promises."""

import ast

from tests.architecture.source_tree import SOURCE, modules, named

HOMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handler", "stuff", "tools", "lib"}


def test_no_module_without_a_noun() -> None:
    homeless = [
        named(path)
        for path in modules()
        if HOMELESS & {part.removesuffix(".py") for part in path.relative_to(SOURCE).parts}
    ]
    assert homeless == []


def test_no_wire_version_in_a_class_name() -> None:
    versioned = [
        named(path, node, node.name)
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name[-2:-1] == "V" and node.name[-1:].isdigit()
    ]
    assert versioned == []


def test_everything_public_has_a_docstring() -> None:
    silent = []
    for path, tree in modules().items():
        public = [tree, *(n for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef))]
        for node in public:
            name = getattr(node, "name", "module")
            if not name.startswith("_") and not ast.get_docstring(node):
                silent.append(named(path, node, name))
    assert silent == []
