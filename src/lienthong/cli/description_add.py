"""``security description add``: take what a WSDL or an OpenAPI document describes into the settings of its provider."""

from __future__ import annotations

import argparse

from lienthong.cli.answers import Answer
from lienthong.cli.description_draft import Draft, RefusedError
from lienthong.cli.description_lint import count_errors, findings_of
from lienthong.exchange.adapters.description_source import DescriptionSource
from lienthong.exchange.metadata.description import read_description
from lienthong.exchange.serverconf.editing import insert_tables, write_service
from lienthong.exchange.serverconf.settings import Service, ServiceType

_TEXTS = {
    "vi": {
        "no_client": "{file}: không có thành viên hay hệ thống con {client}",
        "faulty": "{place}: {count} lỗi; xem: lienthong security description lint {place}",
        "no_code": "tài liệu OpenAPI không có mã dịch vụ: thêm --code",
        "no_address": "{name}: mô tả không có địa chỉ http hay https đầy đủ: thêm --url",
        "shown": "chưa ghi gì: đặt các bảng trên dưới [[client]], hoặc gọi lại với --write",
        "written": "đã thêm {count} dịch vụ vào {file}; chưa ai được khai thác cho tới khi có quyền; tiếp theo: "
        "lienthong security apply {file}",
    },
    "en": {
        "no_client": "{file}: there is no client {client}",
        "faulty": "{place}: {count} error(s); see: lienthong security description lint {place}",
        "no_code": "an OpenAPI document has no service code: add --code",
        "no_address": "{name}: the description has no full http or https address: add --url",
        "shown": "nothing was written: put the tables under their [[client]], or call again with --write",
        "written": "{count} service(s) added to {file}; nobody may call them until a right is given; next: "
        "lienthong security apply {file}",
    },
}


def add(args: argparse.Namespace) -> Answer:
    """Show the services; with ``--write``, put them under their client."""
    draft, texts = Draft(args.settings), _TEXTS[args.lang]
    clients = [client.id for client in draft.settings.clients]
    if args.client not in clients:
        raise RefusedError(texts["no_client"].format(file=args.settings, client="/".join(args.client.parts)))
    services = _services(args, draft.place_of(args.place))
    tables = [write_service(service) for service in services]
    draft.edit(lambda text: insert_tables(text, ("client", clients.index(args.client)), tables))
    is_written = args.write and draft.write()
    values = {
        "action": "add",
        "file": str(args.settings),
        "client": "/".join(args.client.parts),
        "written": is_written,
        "services": [_values(service) for service in services],
        "toml": "\n".join(tables),
    }
    told = texts["written" if is_written else "shown"].format(count=len(services), file=args.settings)
    return values, [*map(_line, services), *([] if is_written else ["", *tables]), told]


def _services(args: argparse.Namespace, place: str) -> list[Service]:
    """The services of the document as the settings would have them; refused where the linter finds errors."""
    texts, source = _TEXTS[args.lang], DescriptionSource(args.place)
    document = source.read()
    if errors := count_errors(findings_of(document, source)):
        raise RefusedError(texts["faulty"].format(place=args.place, count=errors))
    described = read_description(document, code=args.code, fetch=source.beside)
    is_wsdl = described.type is ServiceType.WSDL
    if not is_wsdl and not args.code:
        raise RefusedError(texts["no_code"])
    services = [
        Service(
            code=each.code,
            version=each.version,
            type=described.type,
            url=args.url or each.address,
            wsdl=place if is_wsdl else "",
            openapi="" if is_wsdl else place,
            endpoints=described.endpoints,
        )
        for each in described.services
    ]
    for service in services:
        if not service.url.startswith(("http://", "https://")):
            raise RefusedError(texts["no_address"].format(name=service.name))
    return services


def _line(service: Service) -> str:
    endpoints = "".join(f"\n    {each.method} {each.path}" for each in service.endpoints)
    return f"+ {service.name} {service.url}{endpoints}"


def _values(service: Service) -> dict[str, object]:
    return {
        "code": service.code,
        "version": service.version,
        "type": service.type.value,
        "url": service.url,
        "endpoints": [{"method": each.method, "path": each.path} for each in service.endpoints],
    }
