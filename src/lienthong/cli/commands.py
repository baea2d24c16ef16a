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
    Command(
        ("security", "key"),
        "lienthong.cli.security_key",
        {
            "vi": "tạo khóa, xin cấp chứng thư và nhập chứng thư trong kho khóa phần mềm",
            "en": "make keys, request, import or enroll certificates in a software token",
        },
        "lienthong security key --tokens keys --password-file pin create ss1-sign",
    ),
    Command(
        ("security", "serve"),
        "lienthong.cli.security_serve",
        {
            "vi": "chạy máy chủ bảo mật theo các thiết lập đã áp dụng",
            "en": "run a security server by its applied settings",
        },
        "lienthong security serve --data ss1",
    ),
    Command(
        ("security", "status"),
        "lienthong.cli.security_status",
        {
            "vi": "cho biết tình trạng của máy chủ bảo mật đang chạy",
            "en": "tell how a running security server stands",
        },
        "lienthong security status --data ss1",
    ),
    Command(
        ("security", "refresh"),
        "lienthong.cli.security_refresh",
        {
            "vi": "tải lại cấu hình toàn cục hoặc trạng thái chứng thư ngay bây giờ",
            "en": "fetch the global configuration or OCSP answers now",
        },
        "lienthong security refresh ocsp --data ss1",
    ),
    Command(
        ("security", "timestamp"),
        "lienthong.cli.security_timestamp",
        {
            "vi": "gắn dấu thời gian ngay cho các thông điệp đang chờ",
            "en": "timestamp every waiting message now",
        },
        "lienthong security timestamp --now --data ss1",
    ),
    Command(
        ("authority", "serve"),
        "lienthong.cli.authority_serve",
        {
            "vi": "chạy dịch vụ chứng thực: cấp chứng thư, OCSP, dấu thời gian, CRL",
            "en": "run an authority: certificates, OCSP, timestamps, CRL",
        },
        "lienthong authority serve authority.toml",
    ),
    Command(
        ("authority", "certify"),
        "lienthong.cli.authority_certify",
        {
            "vi": "xin cấp chứng thư theo một mẫu của dịch vụ chứng thực",
            "en": "have a request certified by a profile of the authority",
        },
        "lienthong authority certify SIGN ss1.csr --server http://127.0.0.1:8888 --token-file ra-token",
    ),
    Command(
        ("authority", "revoke"),
        "lienthong.cli.authority_revoke",
        {
            "vi": "thu hồi một chứng thư",
            "en": "revoke a certificate",
        },
        "lienthong authority revoke ss1.pem --server http://127.0.0.1:8888 --token-file ra-token",
    ),
    Command(
        ("central", "init"),
        "lienthong.cli.central_init",
        {
            "vi": "tạo thư mục dữ liệu và khóa ký cho máy chủ trung tâm",
            "en": "make a central server's data folder and signing keys",
        },
        "lienthong central init --data cs --instance VN --address cs.example.vn",
    ),
    Command(
        ("central", "apply"),
        "lienthong.cli.central_apply",
        {
            "vi": "kiểm tra tệp khai báo, cho xem thay đổi và áp dụng",
            "en": "check a declaration, show what it changes and apply it",
        },
        "lienthong central apply vn.toml --data cs --dry-run",
    ),
    Command(
        ("central", "show"),
        "lienthong.cli.central_show",
        {
            "vi": "cho xem những gì máy chủ trung tâm đang lưu",
            "en": "show what a central server keeps",
        },
        "lienthong central show --data cs",
    ),
    Command(
        ("central", "key"),
        "lienthong.cli.central_key",
        {
            "vi": "thêm, kích hoạt hoặc bỏ khóa ký cấu hình",
            "en": "add, activate or remove a configuration signing key",
        },
        "lienthong central key --data cs add internal",
    ),
    Command(
        ("central", "anchor"),
        "lienthong.cli.central_anchor",
        {
            "vi": "ghi tệp neo cấu hình",
            "en": "write a configuration anchor",
        },
        "lienthong central anchor internal --data cs --output anchor.xml",
    ),
    Command(
        ("central", "publish"),
        "lienthong.cli.central_publish",
        {
            "vi": "công bố cấu hình toàn cục ngay",
            "en": "publish the global configuration now",
        },
        "lienthong central publish --data cs",
    ),
    Command(
        ("central", "serve"),
        "lienthong.cli.central_serve",
        {
            "vi": "chạy máy chủ trung tâm",
            "en": "run a central server",
        },
        "lienthong central serve --data cs --listen 127.0.0.1:8090",
    ),
    Command(
        ("security", "log"),
        "lienthong.cli.security_log",
        {
            "vi": "liệt kê, xuất, kiểm tra và lưu trữ nhật ký thông điệp",
            "en": "list, export, check and archive the message log",
        },
        "lienthong security log check --data ss1",
    ),
    Command(
        ("security", "description"),
        "lienthong.cli.security_description",
        {
            "vi": "thêm, cập nhật, tạm ngừng và kiểm tra mô tả dịch vụ WSDL và OpenAPI",
            "en": "add, refresh, pause and lint descriptions of services, WSDL and OpenAPI",
        },
        "lienthong security description add legacy.wsdl --settings ss1.toml --client VN/GOV/G01/legacy",
    ),
    Command(
        ("exchange", "explain"),
        "lienthong.cli.exchange_explain",
        {
            "vi": "cho biết bước nào sẽ từ chối một thông điệp, vì sao và cách khắc phục, mà không gửi",
            "en": "tell which step would refuse a message, why and what helps, without sending it",
        },
        "lienthong exchange explain --from VN/GOV/H10/onestop --to VN/GOV/G01/population/citizens --data ss1",
    ),
    Command(
        ("exchange", "list"),
        "lienthong.cli.exchange_list",
        {
            "vi": "liệt kê các bên và các dịch vụ tìm thấy qua máy chủ bảo mật",
            "en": "list clients and services that can be found through a security server",
        },
        "lienthong exchange list --server http://127.0.0.1:8080 --from VN/GOV/H10/onestop --of VN/GOV/G01/population",
    ),
    Command(
        ("nation", "up"),
        "lienthong.cli.nation_up",
        {
            "vi": "khởi động một đất nước nhỏ trên máy này",
            "en": "boot a small country on this machine",
        },
        "lienthong nation up --as-of 2020-08-31 --detach",
    ),
    Command(
        ("nation", "story"),
        "lienthong.cli.nation_story",
        {
            "vi": "kể câu chuyện của đất nước đang chạy, hoặc của một đất nước vừa khởi động",
            "en": "tell the story of the country that runs, or of one that is booted for it",
        },
        "lienthong nation story --full --once",
    ),
    Command(
        ("nation", "status"),
        "lienthong.cli.nation_status",
        {
            "vi": "cho biết từng tiến trình của đất nước đang thế nào",
            "en": "tell how each process of the country stands",
        },
        "lienthong nation status --json",
    ),
    Command(
        ("nation", "down"),
        "lienthong.cli.nation_down",
        {
            "vi": "dừng mọi tiến trình của đất nước",
            "en": "stop every process of the country",
        },
        "lienthong nation down --remove",
    ),
)
"""In the order in which help lists them."""
