"""An OpenAPI document as values: its paths, operations, servers, and the line of each place where it is YAML.

JSON is read by the standard library, YAML by PyYAML, which comes with the platform but not with the exchange alone.
Source: OpenAPI 3.0.4, 3.1.1 s.4.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.metadata.xml_document import BYTES_MAX

if TYPE_CHECKING:
    import yaml

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""Fields of a path that are operations."""


class UnreadableOpenApiError(ExchangeError):
    """A document that is not opened; the text says why."""

    def __init__(self, detail: str, *, line: int | None = None) -> None:
        super().__init__(detail)
        self.line = line
        """From 1; None where it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenApiOperation:
    """A method of a path."""

    method: str
    """Upper case."""
    path: str
    """As written, with its templates."""
    value: Mapping[str, object]

    @property
    def name(self) -> str:
        """As people say it: ``GET /persons/{number}``."""
        return f"{self.method} {self.path}"

    @property
    def pointer(self) -> str:
        """Where it stands."""
        return pointer_to("paths", self.path, self.method.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenApiDocument:
    """A document that is open."""

    root: Mapping[str, object]
    lines: Mapping[str, int] = field(default_factory=dict)
    """JSON pointer to line, from 1; empty for JSON."""

    def line_of(self, pointer: str) -> int | None:
        """The line of a place, or of the nearest one around it."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer)

    def paths(self) -> Mapping[str, Mapping[str, object]]:
        """Every path with what stands under it."""
        paths = self.root.get("paths")
        named = paths.items() if isinstance(paths, dict) else ()
        return {str(path): _texts(item) for path, item in named if isinstance(item, dict)}

    def operations(self) -> Iterator[OpenApiOperation]:
        """Every operation, in the order of the document."""
        for path, item in self.paths().items():
            for method, value in item.items():
                if method in METHODS and isinstance(value, dict) and path.startswith("/"):
                    yield OpenApiOperation(method=method.upper(), path=path, value=value)

    def servers(self) -> list[str]:
        """Addresses of the servers, in order."""
        servers = self.root.get("servers")
        told = servers if isinstance(servers, list) else []
        return [str(each["url"]) for each in told if isinstance(each, dict) and each.get("url")]


def open_openapi(document: bytes) -> OpenApiDocument:
    """Read JSON or YAML.

    Raises:
        UnreadableOpenApiError: it is too long, neither, no table of names, or repeats itself by YAML aliases.
    """
    if len(document) > BYTES_MAX:
        raise UnreadableOpenApiError(f"the document is longer than {BYTES_MAX} bytes")
    try:
        text = document.decode("utf-8-sig")
        value, lines = (json.loads(text), {}) if text.lstrip()[:1] == "{" else _read_yaml(text)
    except (ValueError, RecursionError) as exc:
        raise UnreadableOpenApiError(str(exc) or "nested without end", line=getattr(exc, "lineno", None)) from exc
    if not isinstance(value, dict):
        raise UnreadableOpenApiError("the document is no table of names and values", line=1)
    return OpenApiDocument(root=_texts(value), lines=lines)


def pointer_to(*names: str) -> str:
    """The JSON pointer of a place. Source: RFC 6901 s.3."""
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)


def found_at(root: object, pointer: str) -> object | None:
    """What stands at a JSON pointer; None where nothing does."""
    value: object | None = root
    for name in pointer.split("/")[1:] if pointer else ():
        key = name.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = next((each for known, each in value.items() if str(known) == key), None)
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def _texts(item: Mapping[object, object]) -> dict[str, object]:
    """YAML has keys that are numbers or truth values; a document's names are texts."""
    return {str(name): value for name, value in item.items()}


def _read_yaml(text: str) -> tuple[object, dict[str, int]]:
    try:
        import yaml
    except ImportError as exc:
        raise UnreadableOpenApiError("YAML is read by PyYAML, which is not installed; JSON is read without it") from exc

    quick = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, where PyYAML was built with it
    lines: dict[str, int] = {}
    try:
        _refuse_aliases(yaml.parse(text, quick), yaml.AliasEvent)
        loader = quick(text)
        node = loader.get_single_node()
        _note_lines(node, "", lines)
        return None if node is None else loader.construct_document(node), lines
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark
        raise UnreadableOpenApiError(str(exc.problem), line=None if mark is None else mark.line + 1) from exc
    except yaml.YAMLError as exc:
        raise UnreadableOpenApiError(str(exc)) from exc


def _refuse_aliases(events: Iterable[yaml.Event], kind: type[yaml.Event]) -> None:
    """Aliases of aliases grow without end."""
    for event in events:
        if isinstance(event, kind):
            line = None if event.start_mark is None else event.start_mark.line + 1
            raise UnreadableOpenApiError("YAML aliases are not read; write the value out", line=line)


def _note_lines(node: yaml.Node | None, pointer: str, lines: dict[str, int]) -> None:
    """The line of every key and entry below a node."""
    if node is None:
        return
    lines.setdefault(pointer, node.start_mark.line + 1)
    for position, each in enumerate(node.value if isinstance(node.value, list) else ()):
        key, value = each if isinstance(each, tuple) else (None, each)
        place = pointer + pointer_to(str(position if key is None else key.value))
        lines.setdefault(place, (key or value).start_mark.line + 1)
        _note_lines(value, place, lines)
