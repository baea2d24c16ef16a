"""Refusals a person can act on: the place, the cause and the cure, in the caller's language.

Source: RFC 9457 (the members ``type``, ``title``, ``status``; ours are extensions).
"""

from __future__ import annotations

from dataclasses import dataclass

from lienthong.systems.foundation.errors import FoundationError
from lienthong.systems.vocabulary.bilingual import Language, Text

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why an operation answers with a refusal; quotes nothing the caller sent."""

    code: str
    """Stable code for programs, snake_case."""
    status: int
    """HTTP status."""
    place: Text
    """Which field, header or path."""
    cause: Text
    """What is wrong there."""
    cure: Text
    """What the caller can do."""
    others: tuple[Problem, ...] = ()
    """Further problems of the same request, so that a caller can mend all at once."""

    def to_json(self, language: Language, *, message_id: str) -> dict[str, object]:
        """The body of the answer."""
        return {
            "type": f"urn:lienthong:problem:{self.code}",
            "title": self.cause.to(language),
            "status": self.status,
            "code": self.code,
            "place": self.place.to(language),
            "cause": self.cause.to(language),
            "cure": self.cure.to(language),
            "others": [{"place": o.place.to(language), "cause": o.cause.to(language)} for o in self.others],
            "message_id": message_id,
        }


class Refused(FoundationError):
    """An operation refuses its caller."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem
        """What the edge turns into the answer."""


_FIELD_CAUSES: dict[str, Text] = {
    "missing": Text("Thiếu giá trị bắt buộc.", "A required value is missing."),
    "extra_forbidden": Text("Trường này không có trong dịch vụ.", "The operation has no such field."),
    "json_invalid": Text("Nội dung không phải JSON hợp lệ.", "The body is not valid JSON."),
    "date_from_datetime_parsing": Text("Không phải ngày hợp lệ.", "The value is no date."),
    "date_parsing": Text("Không phải ngày hợp lệ.", "The value is no date."),
    "date_type": Text("Không phải ngày hợp lệ.", "The value is no date."),
    "enum": Text("Giá trị không có trong danh mục.", "The value is not in the code list."),
    "string_type": Text("Giá trị phải là chuỗi ký tự.", "The value must be a string."),
    "string_too_short": Text("Giá trị quá ngắn.", "The value is too short."),
    "string_too_long": Text("Giá trị quá dài.", "The value is too long."),
}
_OTHER_CAUSE = Text("Giá trị không hợp lệ.", "The value is not valid.")
_FIELD_CURE = Text(
    "Sửa trường này theo tài liệu OpenAPI của dịch vụ rồi gửi lại.",
    "Correct the field as the operation's OpenAPI document says and send again.",
)


def field_problem(kind: str, place: str) -> Problem:
    """The problem of one field that cannot be read; *kind* is Pydantic's error type, *place* the field's path."""
    return Problem(
        code="malformed_request",
        status=400,
        place=Text(f"Trường {place}", f"Field {place}") if place else Text("Nội dung yêu cầu", "Request body"),
        cause=_FIELD_CAUSES.get(kind, _OTHER_CAUSE),
        cure=_FIELD_CURE,
    )


def vocabulary_problem(explanation: Text, place: Text) -> Problem:
    """The problem of a well-typed value that means nothing."""
    return Problem(code="malformed_request", status=400, place=place, cause=explanation, cure=_FIELD_CURE)


NO_SUCH_OPERATION = Problem(
    code="no_such_operation",
    status=404,
    place=Text("Đường dẫn yêu cầu", "Request path"),
    cause=Text("Dịch vụ không có đường dẫn này.", "The service has no such path."),
    cure=Text("Đối chiếu đường dẫn với tài liệu OpenAPI của dịch vụ.", "Compare the path with the OpenAPI document."),
)
"""An address nothing lives at."""

INTERNAL = Problem(
    code="internal_error",
    status=500,
    place=Text("Hệ thống cung cấp dịch vụ", "The providing system"),
    cause=Text("Hệ thống gặp lỗi nên chưa trả lời được.", "The system failed and could not answer."),
    cure=Text(
        "Thử lại sau; nếu vẫn lỗi, báo cơ quan cung cấp kèm mã thông điệp.",
        "Try again later; if it still fails, report it to the provider with the message id.",
    ),
)
"""The one answer to a failure of ours."""
