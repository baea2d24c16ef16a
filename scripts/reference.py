"""``make reference``: writes the manual pages that are tables of what the code knows: commands and fault codes.

Nothing in them is typed by hand: commands and their help come from the command table, fault codes from the sources,
their causes and cures from the table that ``exchange explain`` and the status page use. A test compares.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from lienthong.cli.commands import COMMANDS, Command
from lienthong.exchange.globalconf.faults import Code
from lienthong.exchange.message.fault_codes import CATALOGUE, LOG_CODES, http_status, to_old_spelling
from lienthong.exchange.security.explain.advice import advice_for

ROOT = Path(__file__).resolve().parents[1]
MANUAL = ROOT / "docs" / "manual"
SOURCE = ROOT / "src" / "lienthong"
LAYERS = ("trust", "exchange", "cli")
"""Where fault codes are raised."""
TABLE_OF_CODES = SOURCE / "exchange" / "message" / "fault_codes.py"
"""Knows every code of the protocol, raised here or not."""
ORIGINS = ("client", "server", "clientproxy", "serverproxy", "signer", "opmonitor")
PLACES = (*ORIGINS, "service_failed", "signature_verification", "mlog")
"""Words that say where a fault arose; alone they are no code."""

_COMMANDS_HEAD = """\
# Every command

Written by `make reference` from the command table; do not edit. `--lang vi|en` (else the locale) chooses the language,
`NO_COLOR` turns colours off. Exit code 0 means done or valid, 1 refused or not valid, 2 that the command cannot be
carried out as it was written.
"""
_CODES_HEAD = """\
# Fault codes

Written by `make reference` from the sources; do not edit. These are the codes that this software raises itself. What a
peer or a service sends is passed on as it came.

A code is read from the right: the last word says what failed, the words before it where. Spelling 7.8 is the default;
`fault_spelling = "7.0"` in the [settings](security-server-settings.md) chooses the older one. A REST caller gets the
code in `X-Road-Error` and in the body, with status {server} where a server is at fault and {client} where the call is.
`lienthong exchange explain` says which step would refuse a message before it is sent ([explain](explain.md)).

## Where

| Word | Up to 7.7 | Meaning |
|---|---|---|
{places}

## What

| Code | Up to 7.7 | Meaning | Cause | Cure |
|---|---|---|---|---|
{codes}
"""
_LOCAL_CODES = {"global_conf": "the published global configuration cannot be used", "mlog": CATALOGUE["mlog"]}


def main() -> int:
    """Write the pages."""
    for name, text in pages().items():
        (MANUAL / name).write_text(text, "utf-8")
        print(MANUAL / name)
    return 0


def pages() -> dict[str, str]:
    """Every page by its file name, as it must read now."""
    return {"commands.md": commands_page(), "fault-codes.md": fault_codes_page()}


def commands_page() -> str:
    """The reference of commands."""
    return "\n".join([_COMMANDS_HEAD, *map(_command, sorted(COMMANDS, key=lambda command: command.words))])


def _command(command: Command) -> str:
    words = f"lienthong {' '.join(command.words)}"
    lines = [f"## `{words}`", "", f"{_sentence(command.summary['en'])} *{_sentence(command.summary['vi'])}*", ""]
    parser = argparse.ArgumentParser(prog=words, add_help=False)
    import_module(command.module).add_arguments(parser)
    for name, described in parsers_of(parser):
        lines += [*_arguments(name, described)]
    return "\n".join([*lines, f"Example: `{command.example}`", ""])


def parsers_of(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """The parser, then those of its parts."""
    yield "", parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _arguments(name: str, parser: argparse.ArgumentParser) -> list[str]:
    rows = [
        f"| {_written(action)} | {_cell(action.help or '')} |"
        for action in parser._actions
        if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)
    ]
    head = [f"`{name}`", ""] if name else []
    return [*head, "| Argument | Meaning |", "|---|---|", *rows, ""] if rows else head


def _written(action: argparse.Action) -> str:
    choices = ",".join(map(str, action.choices)) if action.choices else ""
    value = action.metavar or (f"{{{choices}}}" if choices else action.dest.upper())
    if not action.option_strings:
        return f"`{value}`"
    takes_value = action.nargs != 0
    text = f"`{action.option_strings[0]}{f' {value}' if takes_value else ''}`"
    return f"{text} (needed)" if action.required else text


def fault_codes_page() -> str:
    """The table of fault codes."""
    places = (f"| `{word}` | `{to_old_spelling(word)}` | {_cell(CATALOGUE[word])} |" for word in PLACES)
    return _CODES_HEAD.format(
        places="\n".join(places),
        codes="\n".join(map(_code_row, sorted(raised_codes()))),
        server=http_status("server.serverproxy.access_denied"),
        client=http_status("client.invalid_request"),
    )


def _code_row(code: str) -> str:
    advice = advice_for(code, "en")
    last = code.rpartition(".")[2]
    meaning = CATALOGUE.get(last) or _LOCAL_CODES.get("global_conf" if code.startswith("global_conf") else "mlog", "")
    return f"| `{code}` | `{to_old_spelling(code)}` | {_cell(meaning)} | {_cell(advice.cause)} | {_cell(advice.cure)} |"


def raised_codes() -> set[str]:
    """Every fault code that stands in the sources; a code that ends another one is not told twice."""
    known = {*CATALOGUE, *LOG_CODES, *map(str, Code)}
    found = {
        node.value
        for path in _sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_code(node.value, known)
    }
    return {f"mlog.{code}" if code in LOG_CODES else code for code in found}


def _sources() -> Iterator[Path]:
    for layer in LAYERS:
        yield from (path for path in sorted((SOURCE / layer).rglob("*.py")) if path != TABLE_OF_CODES)


def _is_code(text: str, known: set[str]) -> bool:
    words = text.split(".")
    return known.issuperset(words) and words[-1] not in PLACES


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("%%", "%")


if __name__ == "__main__":
    raise SystemExit(main())
