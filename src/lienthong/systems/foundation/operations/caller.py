"""Who calls, on whose behalf and for what: an answer about a person is given to no caller that does not say.

The provider's security server refuses such calls before the system sees them; the system checks again, because it may
stand behind a security server that does not. Source: PR-REST s.4.3; Luật Căn cước 26/2023/QH15, Điều 10.
"""

from __future__ import annotations

from collections.abc import Mapping

from lienthong.exchange.connector.caller import Caller
from lienthong.exchange.identifiers import IdentifierError
from lienthong.systems.foundation.operations.problems import Problem, Refused
from lienthong.systems.vocabulary.bilingual import Text

MAX_LENGTH = 255
"""Longest value of a header that is kept in an access event, in characters."""


def caller_with_purpose(headers: Mapping[str, str]) -> Caller:
    """The caller named in *headers*, with message id, officer and dossier or legal basis all stated.

    Raises:
        Refused: one is missing, blank, too long or malformed.
    """
    try:
        return require_purpose(Caller.from_headers(headers))
    except IdentifierError as exc:
        raise Refused(_problem("X-Road-Client", "caller_unknown", 400)) from exc


def require_purpose(caller: Caller) -> Caller:
    """*caller*, whose message id, officer and dossier or legal basis are all stated; raises Refused as above."""
    if not _is_stated(caller.message_id):
        raise Refused(_problem("X-Road-Id", "caller_unknown", 400))
    for header, value in (("X-Road-UserId", caller.user_id), ("X-Road-Issue", caller.issue)):
        if not _is_stated(value):
            raise Refused(_problem(header, "purpose_missing", 403))
    return caller


def _is_stated(value: str) -> bool:
    return bool(value.strip()) and len(value) <= MAX_LENGTH and value.isprintable()


def _problem(header: str, code: str, status: int) -> Problem:
    return Problem(
        code=code,
        status=status,
        place=Text(f"Tiêu đề {header}", f"Header {header}"),
        cause=Text(
            f"Thiếu {header} hoặc giá trị không hợp lệ, nên không biết ai hỏi và hỏi để làm gì.",
            f"{header} is missing or malformed, so it is unknown who asks and what for.",
        ),
        cure=_CURES.get(header, _THROUGH_THE_SERVER),
    )


_THROUGH_THE_SERVER = Text(
    "Gọi dịch vụ qua máy chủ bảo mật (security server) của cơ quan.",
    "Call the service through your organisation's security server.",
)
_CURES = {
    "X-Road-UserId": Text(
        "Ghi mã cán bộ thực hiện vào tiêu đề X-Road-UserId.",
        "State the officer's code in the header X-Road-UserId.",
    ),
    "X-Road-Issue": Text(
        "Ghi mã hồ sơ hoặc căn cứ pháp lý vào tiêu đề X-Road-Issue.",
        "State the dossier code or the legal basis in the header X-Road-Issue.",
    ),
}
