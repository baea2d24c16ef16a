"""Purpose at the door: a service that gives personal data is told who asks and why, or is not reached.

The marking is local policy of the provider, so genuine X-Road peers stay compatible. Source: domain dossier s.B3
(Thông tư 01/2018/TT-VPCP, Điều 19: dossier code) and s.A9 (agency codes).
"""

from __future__ import annotations

import re
from functools import lru_cache

from lienthong.exchange.errors import Fault
from lienthong.exchange.serverconf.settings import Service

_OLD_AGENCY = r"\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}"
_NEW_AGENCY = r"[A-Z]\d{2}(?:\.\d{1,4}){0,6}"
DOSSIER_CODE = rf"(?:{_OLD_AGENCY}|{_NEW_AGENCY})-\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-\d{{4,6}}"
"""``<agency code>-YYMMDD-NNNN``, the agency in the old or the new form."""
LAW_CITATION = r"LAW:(?=[^\x00-\x1f\x7f]*\d)[^\x00-\x20\x7f][^\x00-\x1f\x7f]{1,158}[^\x00-\x20\x7f]"
"""``LAW:`` and a citation with at least one number: ``LAW:26/2023/QH15, Điều 10``."""
DEFAULT_PATTERNS = (DOSSIER_CODE, LAW_CITATION)

MAX_USER_ID = 64
MAX_ISSUE = 200


def decide_purpose(service: Service, *, user_id: str | None, issue: str | None) -> Fault | None:
    """Refuse a call to a service of personal data that does not say who asks and why.

    Args:
        user_id: Value of ``X-Road-UserId``, ``None`` where absent.
        issue: Value of ``X-Road-Issue``, ``None`` where absent.
    Returns:
        ``None`` to let the call pass, or ``access_denied`` without prefix.
    """
    if not service.personal_data:
        return None
    missing = [problem for problem in (_judge_user(user_id), _judge_issue(issue, service.issue_patterns)) if problem]
    return Fault("access_denied", f"Purpose required: {'; '.join(missing)}") if missing else None


def _judge_user(user_id: str | None) -> str:
    if not user_id:
        return "X-Road-UserId is missing (who asks)"
    if len(user_id) > MAX_USER_ID or not user_id.isprintable() or " " in user_id:
        return f"X-Road-UserId is not 1 to {MAX_USER_ID} visible characters"
    return ""


def _judge_issue(issue: str | None, patterns: tuple[str, ...]) -> str:
    if not issue:
        return "X-Road-Issue is missing (the dossier code, or LAW: and a citation)"
    if len(issue) <= MAX_ISSUE and _compile(patterns or DEFAULT_PATTERNS).fullmatch(issue):
        return ""
    if patterns:
        return "X-Road-Issue does not have the form this service demands"
    return "X-Road-Issue is neither a dossier code (000.00.14.H20-200703-0002) nor LAW: and a citation"


@lru_cache(maxsize=1024)
def _compile(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
