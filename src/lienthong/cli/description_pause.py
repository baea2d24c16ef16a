"""``security description disable | enable``: pause every service of a description, and end the pause."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import partial

from lienthong.cli.answers import Answer
from lienthong.cli.description_draft import Draft, RefusedError
from lienthong.exchange.serverconf.editing import quote, set_keys

_TEXTS = {
    "vi": {
        "none": "{file}: không có mô tả {place}",
        "disable": "đã ngừng {count} dịch vụ trong {file}; tiếp theo: lienthong security apply {file}",
        "enable": "đã mở lại {count} dịch vụ trong {file}; tiếp theo: lienthong security apply {file}",
        "same": "không có gì thay đổi",
    },
    "en": {
        "none": "{file}: there is no description {place}",
        "disable": "{count} service(s) disabled in {file}; next: lienthong security apply {file}",
        "enable": "{count} service(s) enabled in {file}; next: lienthong security apply {file}",
        "same": "nothing changes",
    },
}


def disable(args: argparse.Namespace) -> Answer:
    """Refuse calls of every service of a description, and tell authorised callers why."""
    return _change(args, {"disabled": "true", "notice": quote(args.notice)})


def enable(args: argparse.Namespace) -> Answer:
    """Let calls pass again."""
    return _change(args, {"disabled": None, "notice": None})


def _change(args: argparse.Namespace, values: Mapping[str, str | None]) -> Answer:
    draft, texts = Draft(args.settings), _TEXTS[args.lang]
    names = []
    for client, place in list(draft.descriptions(args.place)):
        for path, service in draft.services(client, place):
            draft.edit(partial(set_keys, path=path, values=values))
            names.append(service.name)
    if not names:
        raise RefusedError(texts["none"].format(file=args.settings, place=args.place))
    is_written = draft.write()
    told = texts[args.action if is_written else "same"].format(count=len(names), file=args.settings)
    return {
        "action": args.action,
        "file": str(args.settings),
        "place": args.place,
        "written": is_written,
        "services": names,
    }, [told]
