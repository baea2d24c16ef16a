"""``security description refresh``: how descriptions differ from the settings, and following them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from lienthong.cli.answers import Answer
from lienthong.cli.description_draft import Draft, RefusedError
from lienthong.cli.description_lint import count_errors, findings_of
from lienthong.exchange.metadata.description import Difference, compare, read_description
from lienthong.exchange.metadata.wsdl import DescribedService
from lienthong.exchange.serverconf.editing import (
    insert_tables,
    quote,
    remove_table,
    set_keys,
    write_endpoint,
    write_service,
)
from lienthong.exchange.serverconf.lines import KeyPath
from lienthong.exchange.serverconf.settings import Service, ServiceType

_TEXTS = {
    "vi": {
        "none": "{file}: không có mô tả nào{place}",
        "faulty": "{place}: {count} lỗi; xem: lienthong security description lint {place}",
        "same": "không có gì khác",
        "shown": "chưa ghi gì: gọi lại với --write để theo các mô tả",
        "kept": "địa chỉ khác chỉ được ghi khi có --addresses",
        "written": "đã ghi {file}; tiếp theo: lienthong security apply {file}",
    },
    "en": {
        "none": "{file}: there is no description{place}",
        "faulty": "{place}: {count} error(s); see: lienthong security description lint {place}",
        "same": "nothing differs",
        "shown": "nothing was written: call again with --write to follow the descriptions",
        "kept": "addresses that differ are taken over only with --addresses",
        "written": "{file} was written; next: lienthong security apply {file}",
    },
}
Edit = Callable[[str], str]


def refresh(args: argparse.Namespace) -> Answer:
    """Show the differences; with ``--write``, change the settings file."""
    draft, texts = Draft(args.settings), _TEXTS[args.lang]
    found = [
        (client, place, _difference(args, draft, client, place)) for client, place in draft.descriptions(args.place)
    ]
    if not found:
        raise RefusedError(texts["none"].format(file=args.settings, place=f" {args.place}" if args.place else ""))
    for client, place, difference in found:
        for edit in _edits(draft.services(client, place), client, difference, with_addresses=args.addresses):
            draft.edit(edit)
    has_changed = draft.has_changed
    is_written = args.write and draft.write()
    lines = [line for client, place, difference in found for line in _lines(place, difference)]
    if any(difference.addresses for *_, difference in found) and not args.addresses:
        lines.append(texts["kept"])
    lines.append(texts["written" if is_written else "shown" if has_changed else "same"].format(file=args.settings))
    told = [
        {"client": "/".join(draft.settings.clients[client].id.parts), "place": place, **_values(difference)}
        for client, place, difference in found
    ]
    return {"action": "refresh", "file": str(args.settings), "written": is_written, "descriptions": told}, lines


def _difference(args: argparse.Namespace, draft: Draft, client: int, place: str) -> Difference:
    source = draft.source(place)
    document = source.read()
    if errors := count_errors(findings_of(document, source)):
        raise RefusedError(_TEXTS[args.lang]["faulty"].format(place=source.place, count=errors))
    services = [service for _, service in draft.services(client, place)]
    return compare(read_description(document, fetch=source.beside), services)


def _edits(
    known: list[tuple[KeyPath, Service]], client: int, difference: Difference, *, with_addresses: bool
) -> list[Edit]:
    """The changes that follow a description; those that move lines come last, from the end of the file upwards."""
    at = {service.name: path for path, service in known}
    model = known[0][1]
    added = [write_service(_like(model, each)) for each in difference.added]
    edits: list[Edit] = [
        partial(set_keys, path=at[service.name], values={"url": quote(address)})
        for service, address in (difference.addresses if with_addresses else ())
    ]
    if model.type is ServiceType.OPENAPI:
        edits += _endpoint_edits(known[0], difference)
    if added:
        edits.append(partial(insert_tables, path=("client", client), tables=added))
    edits += [partial(remove_table, path=at[service.name]) for service in reversed(difference.removed)]
    return edits


def _like(model: Service, described: DescribedService) -> Service:
    """A new service of a description, with the settings of its first one but no rights."""
    address = described.address or model.url
    return replace(model, code=described.code, version=described.version, url=address, access=())


def _endpoint_edits(known: tuple[KeyPath, Service], difference: Difference) -> list[Edit]:
    path, service = known
    gone = [at for at, each in enumerate(service.endpoints) if each in difference.endpoints_removed]
    edits: list[Edit] = [partial(remove_table, path=(*path, "endpoint", at)) for at in reversed(gone)]
    tables = [write_endpoint(each) for each in difference.endpoints_added]
    return [*([partial(insert_tables, path=path, tables=tables)] if tables else []), *edits]


def _lines(place: str, difference: Difference) -> list[str]:
    told = [f"+ {each.name} {each.address}" for each in difference.added]
    told += [f"- {service.name}" for service in difference.removed]
    told += [f"+ {each.method} {each.path}" for each in difference.endpoints_added]
    told += [f"- {each.method} {each.path}" for each in difference.endpoints_removed]
    told += [f"~ {service.name} url: {service.url} -> {address}" for service, address in difference.addresses]
    return [f"{place}:", *(f"  {line}" for line in told)] if told else []


def _values(difference: Difference) -> dict[str, object]:
    return {
        "added": [{"code": each.code, "version": each.version, "url": each.address} for each in difference.added],
        "removed": [{"code": service.code, "version": service.version} for service in difference.removed],
        "addresses": [
            {"code": service.code, "version": service.version, "old": service.url, "new": address}
            for service, address in difference.addresses
        ],
        "endpoints_added": [{"method": each.method, "path": each.path} for each in difference.endpoints_added],
        "endpoints_removed": [{"method": each.method, "path": each.path} for each in difference.endpoints_removed],
    }
