"""Every command: its words, the module behind it, what it does, and how it is called.

A module offers ``add_arguments(parser)`` and ``run(args) -> int`` (``args.lang`` and ``args.color`` are set) and is
imported only when its command is called. To add a command, add one row here and one module beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table."""

    words: tuple[str, ...]
    """What is typed after ``lienthong``."""
    module: str
    """Imported when called."""
    summary: Mapping[str, str]
    """One line by language."""
    example: str
    """A call that works once its files are there."""


COMMANDS = (
    Command(
        ("evidence", "verify"),
        "lienthong.cli.evidence",
        {
            "vi": "kiểm tra một gói chứng cứ ASiC-E theo cấu hình toàn cục đã lưu",
            "en": "judge an evidence container (ASiC-E) by a stored global configuration",
        },
        "lienthong evidence verify VN-0001-request-1a.asice --conf verificationconf",
    ),
    Command(
        ("globalconf", "verify"),
        "lienthong.cli.globalconf_verify",
        {
            "vi": "kiểm tra cấu hình toàn cục đã công bố theo một tệp neo",
            "en": "verify a published global configuration against an anchor",
        },
        "lienthong globalconf verify --anchor configuration-anchor.xml --source https://cs.example/internalconf",
    ),
    Command(
        ("security", "apply"),
        "lienthong.cli.security_apply",
        {
            "vi": "kiểm tra tệp thiết lập của máy chủ bảo mật, cho xem thay đổi và áp dụng",
            "en": "check a security server's settings file, show what it changes and apply it",
        },
        "lienthong security apply ss1.toml --dry-run",
    ),
    Command(
        ("exchange", "call"),
        "lienthong.cli.exchange_call",
        {
            "vi": "gọi một dịch vụ qua máy chủ bảo mật",
            "en": "call a service through a security server",
        },
        "lienthong exchange call VN/GOV/G01/population/citizens /1 --server http://127.0.0.1:8080"
        " --client VN/GOV/H10/onestop",
    ),
)
"""In the order in which help lists them."""
