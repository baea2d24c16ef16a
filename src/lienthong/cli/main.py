"""The ``lienthong`` command: finds the module behind the words, imports it alone, and lets it run.

Settings of the terminal: ``--lang vi|en`` (else LC_ALL, LC_MESSAGES, LANG), ``NO_COLOR``. Exit codes are each command's
own; 2 also for arguments that make no sense.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

from lienthong.cli.commands import COMMANDS, Command

_LANGUAGES = ("vi", "en")
_USAGE = {"vi": "cách dùng: lienthong [--lang vi|en] LỆNH …", "en": "usage: lienthong [--lang vi|en] COMMAND …"}
_HEADING = {"vi": "Các lệnh:", "en": "Commands:"}
_MORE = {
    "vi": "Thêm --help sau một lệnh để xem tham số và ví dụ, chẳng hạn:\n  lienthong evidence verify --help",
    "en": "Add --help after a command for its arguments and an example:\n  lienthong evidence verify --help",
}
_UNKNOWN = {"vi": "không có lệnh", "en": "no such command:"}
_EXAMPLE = {"vi": "ví dụ:", "en": "example:"}


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Run one command and return its exit code."""
    environment = os.environ if environ is None else environ
    try:
        language, words = _take_language(list(sys.argv[1:] if argv is None else argv), environment)
    except ValueError as exc:
        print(exc, file=sys.stderr)
        return 2
    command = _find(words)
    try:
        if command is None:
            return _overview(words, language)
        return _run(command, words[len(command.words) :], language, environment)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - the reader went away; stay silent at exit
        return 141


def _run(command: Command, arguments: list[str], language: str, environ: Mapping[str, str]) -> int:
    module = import_module(command.module)
    parser = argparse.ArgumentParser(
        prog=f"lienthong {' '.join(command.words)}",
        description=command.summary[language],
        epilog=f"{_EXAMPLE[language]}\n  {command.example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.add_arguments(parser)
    try:
        args = parser.parse_args(arguments)
    except SystemExit as exc:  # argparse has told why
        return exc.code if isinstance(exc.code, int) else 2
    args.lang = language
    args.color = sys.stdout.isatty() and not environ.get("NO_COLOR")
    code: int = module.run(args)
    return code


def _find(words: Sequence[str]) -> Command | None:
    """The command whose words *words* begins with; the longest wins."""
    fitting = [command for command in COMMANDS if tuple(words[: len(command.words)]) == command.words]
    return max(fitting, key=lambda command: len(command.words), default=None)


def _overview(words: list[str], language: str) -> int:
    """List all commands, or those that begin with the words given."""
    named = [word for word in words if not word.startswith("-")]
    shown = [command for command in COMMANDS if command.words[: len(named)] == tuple(named)]
    wants_help = not words or bool({"-h", "--help"} & set(words))
    stream = sys.stdout if wants_help and shown else sys.stderr
    if not shown:
        print(f"{_UNKNOWN[language]} {' '.join(named)}", file=stream)
    print(_USAGE[language], "", _HEADING[language], sep="\n", file=stream)
    for command in shown or COMMANDS:
        print(f"  {' '.join(command.words):<22} {command.summary[language]}", file=stream)
    print("", _MORE[language], sep="\n", file=stream)
    return 0 if stream is sys.stdout else 2


def _take_language(words: list[str], environ: Mapping[str, str]) -> tuple[str, list[str]]:
    """Split ``--lang`` off, wherever it stands; raises ValueError."""
    chosen = next((environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(n)), "")[:2]
    rest: list[str] = []
    while words:
        word = words.pop(0)
        if word == "--":
            rest += [word, *words]
            break
        if word == "--lang" or word.startswith("--lang="):
            chosen = word[7:] or (words.pop(0) if words else "")
            if chosen not in _LANGUAGES:
                raise ValueError(f"--lang {chosen or '?'}: vi, en")
            continue
        rest.append(word)
    return (chosen if chosen in _LANGUAGES else "en"), rest


if __name__ == "__main__":
    raise SystemExit(main())
