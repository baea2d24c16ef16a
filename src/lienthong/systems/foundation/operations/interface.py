"""The interface a system offers: operations with refusals in the caller's language, and its OpenAPI document."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer

from lienthong.systems.foundation.operations.peers import from_security_server
from lienthong.systems.foundation.operations.problems import (
    INTERNAL,
    MEDIA_TYPE,
    NO_SUCH_OPERATION,
    Problem,
    Refused,
    field_problem,
    vocabulary_problem,
)
from lienthong.systems.foundation.ui.pages import not_found_page
from lienthong.systems.vocabulary.bilingual import Language, Text, preferred_language
from lienthong.systems.vocabulary.errors import VocabularyError

_log = logging.getLogger(__name__)


_MOST_FAULTS = 20


class ReadableJson(JSONRenderer):
    """JSON with Vietnamese letters as they are."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


def language_of(request: HttpRequest) -> Language:
    """The language the caller asked for."""
    return preferred_language(request.headers.get("Accept-Language", ""))


def answer_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The refusal as JSON in the caller's language."""
    language = language_of(request)
    body = problem.to_json(language, message_id=request.headers.get("X-Road-Id", "")[:255])
    answer = JsonResponse(body, status=problem.status, json_dumps_params={"ensure_ascii": False})
    answer["Content-Type"] = MEDIA_TYPE
    answer["Content-Language"] = language.value
    return answer


def new_interface(*, title: str, version: str, description: str, name: str) -> NinjaAPI:
    """An empty interface whose every refusal is a problem; operations are added with its decorators.

    Only the security server may call them, but for one declared with ``auth=None``.
    """
    api = NinjaAPI(
        title=title,
        version=version,
        description=description,
        urls_namespace=name,
        docs_url=None,
        openapi_url=None,
        renderer=ReadableJson(),
        auth=from_security_server,
    )
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(ValidationError, _unreadable)
    api.add_exception_handler(VocabularyError, _meaningless)
    api.add_exception_handler(HttpError, _not_json)
    api.add_exception_handler(Exception, _failed)
    return api


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The answer at an address nothing lives at: a page for a reader, a problem for a program."""
    if "text/html" in request.headers.get("Accept", ""):
        return not_found_page(request)
    return answer_problem(request, NO_SUCH_OPERATION)


def openapi_text(api: NinjaAPI) -> str:
    """The interface's OpenAPI document, ready to be committed: sorted, indented, ending in a newline."""
    document = api.get_openapi_schema(path_prefix="")
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _refused(request: HttpRequest, exc: Exception | type[Exception]) -> HttpResponse:
    if not isinstance(exc, Refused):
        return answer_problem(request, INTERNAL)
    return answer_problem(request, exc.problem)


def _unreadable(request: HttpRequest, exc: Exception | type[Exception]) -> HttpResponse:
    if not isinstance(exc, ValidationError) or not exc.errors:
        return answer_problem(request, field_problem("", ""))
    return answer_problem(request, body_problem(exc.errors))


def body_problem(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Pydantic's errors about one body, at least one, as one problem."""
    first, *others = (_of_field(error) for error in errors[:_MOST_FAULTS])
    return replace(first, others=tuple(others))


def _of_field(error: Mapping[str, Any]) -> Problem:
    """Pydantic's error as a problem; of the place, where it was sent and the name of our parameter are left out."""
    where, *names = error.get("loc", ("",))
    names = names[1:] if where == "body" else names or [where]
    return field_problem(str(error.get("type", "")), ".".join(map(str, names))[:100])


def _not_json(request: HttpRequest, exc: Exception | type[Exception]) -> HttpResponse:
    status = exc.status_code if isinstance(exc, HttpError) else 500
    return answer_problem(request, field_problem("json_invalid", "") if status == 400 else INTERNAL)


def _meaningless(request: HttpRequest, exc: Exception | type[Exception]) -> HttpResponse:
    if not isinstance(exc, VocabularyError):
        return answer_problem(request, INTERNAL)
    return answer_problem(request, vocabulary_problem(exc.explanation, _VALUE))


_VALUE = Text("Giá trị trong yêu cầu", "Value in the request")


def _failed(request: HttpRequest, exc: Exception | type[Exception]) -> HttpResponse:
    known = exc if isinstance(exc, BaseException) else None
    _log.error(
        "operation_failed", exc_info=known, extra={"facts": {"message_id": request.headers.get("X-Road-Id", "")[:255]}}
    )
    return answer_problem(request, INTERNAL)
