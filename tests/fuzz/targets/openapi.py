"""OpenAPI documents, JSON and YAML: what is wrong with them."""

from __future__ import annotations

from lienthong.exchange.metadata.lint import lint_openapi, words_of
from lienthong.exchange.metadata.openapi_document import UnreadableOpenApiError, open_openapi

REFUSES = (UnreadableOpenApiError,)


def read(data: bytes) -> None:
    for finding in lint_openapi(data):
        assert all(words_of(finding, language).cause for language in ("vi", "en"))
    opened = open_openapi(data)
    assert all(opened.line_of(each.pointer) is None or opened.lines for each in opened.operations())
