"""Who may call operations: the organisation's security server, told by the address it calls from.

Whoever can reach the port could write ``X-Road-Client`` himself; that header counts only because it comes from the
security server, which asks every caller for its certificate. Source: PR-REST s.4.3; message-path dossier s.2.8.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from lienthong.systems.foundation.configuration import SystemConfig
from lienthong.systems.foundation.operations.problems import Problem, Refused
from lienthong.systems.vocabulary.bilingual import Text

NOT_THE_SECURITY_SERVER = Problem(
    code="not_the_security_server",
    status=403,
    place=Text("Địa chỉ của bên gọi", "Address of the caller"),
    cause=Text(
        "Hệ thống chỉ nhận yêu cầu từ máy chủ bảo mật (security server) của cơ quan.",
        "The system takes requests from its organisation's security server only.",
    ),
    cure=Text(
        "Gọi dịch vụ qua máy chủ bảo mật; quản trị viên khai báo địa chỉ của máy chủ này trong mục callers.",
        "Call through the security server; an administrator declares its address under callers.",
    ),
)


def from_security_server(request: HttpRequest) -> bool:
    """Let a request pass that comes from an address the configuration names; nothing the caller writes counts.

    Raises:
        Refused: it comes from elsewhere.
    """
    config: SystemConfig = settings.SYSTEM
    if not config.takes_calls_from(request.META.get("REMOTE_ADDR", "")):
        raise Refused(NOT_THE_SECURITY_SERVER)
    return True
