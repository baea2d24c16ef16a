"""The interface a system offers: operations with refusals in the caller's language, and its OpenAPI document."""

from __future__ import annotations

import json
import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from lienthong.systems.foundation.errors import Refused
from lienthong.systems.foundation.operations.problems import (
    INTERNAL,
    MEDIA_TYPE,
    Problem,
    field_problem,
    vocabulary_problem,
)
from lienthong.systems.vocabulary.bilingual import Language, Text, preferred_language
from lienthong.systems.vocabulary.errors import VocabularyError

_log = logging.getLogger(__name__)


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
    """An empty interface whose every refusal is a problem; operations are added with its decorators."""
    api = NinjaAPI(
        title=title, version=version, description=description, urls_namespace=name, docs_url=None, openapi_url=None
    )
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(ValidationError, _unreadable)
    api.add_exception_handler(VocabularyError, _meaningless)
    api.add_exception_handler(Exception, _failed)
    return api


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
    first = exc.errors[0]
    place = ".".join(str(part) for part in first.get("loc", ())[1:])
    return answer_problem(request, field_problem(str(first.get("type", "")), place[:100]))


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
