"""``lienthong globalconf verify``: say whether a published configuration holds, believing only an anchor.

Exit code 0: valid; 1: not valid; 2: a file cannot be read.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lienthong.exchange.adapters.globalconf_download import Downloader, DownloadSettings, open_session
from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf.anchor import directory_name, read_anchor
from lienthong.exchange.globalconf.candidates import Location
from lienthong.exchange.globalconf.directory import SHARED_PARAMETERS, DirectoryPart, SignedDirectory, read_directory
from lienthong.exchange.globalconf.faults import Code, refuse
from lienthong.exchange.globalconf.model import ConfigurationAnchor
from lienthong.exchange.globalconf.refresh import check_part
from lienthong.exchange.globalconf.registry import NEWEST
from lienthong.trust.algorithms import POLICIES, Policy

HELP = "verify a published global configuration against an anchor"
_MARKS: dict[str, dict[bool | None, str]] = {
    "vi": {True: "đạt", False: "không đạt", None: "chưa kiểm tra (không có tệp)"},
    "en": {True: "good", False: "bad", None: "not checked (no file)"},
}
_TEXTS = {
    "vi": {"valid": "HỢP LỆ", "invalid": "KHÔNG HỢP LỆ", "version": "phiên bản", "expires": "hết hạn lúc"},
    "en": {"valid": "VALID", "invalid": "NOT VALID", "version": "version", "expires": "expires at"},
}

ReadPart = Callable[[DirectoryPart], bytes | None]
"""The file behind a part, None where it is not at hand; raises Fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartVerdict:
    """What is known of one part."""

    identifier: str
    """Content identifier."""
    instance: str | None
    """Instance it speaks of."""
    location: str
    """Path that the directory names."""
    valid: bool | None
    """None where only the directory was at hand."""
    fault_code: str | None = None
    """Why it is not valid."""
    message: str = ""
    """The same for people; also a remark on a valid part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationVerdict:
    """The answer of the command."""

    instance: str | None = None
    """Instance of the anchor."""
    fault_code: str | None = None
    """None exactly when the configuration holds."""
    message: str = ""
    """Why it does not hold."""
    version: int | None = None
    """Wire version."""
    expires: datetime | None = None
    """Until when it may be used."""
    parts: tuple[PartVerdict, ...] = ()
    """Every listed part."""

    def as_json(self) -> dict[str, object]:
        """Plain values, in the order people read them."""
        return {
            "valid": self.fault_code is None,
            "fault_code": self.fault_code,
            "message": self.message,
            "instance": self.instance,
            "version": self.version,
            "expires": None if self.expires is None else f"{self.expires.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "parts": [{name: getattr(part, name) for name in part.__slots__} for part in self.parts],
        }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("--anchor", type=Path, required=True, metavar="FILE", help="configuration anchor")
    parser.add_argument(
        "--source", required=True, metavar="SOURCE", help="URL, directory document, or folder of one version"
    )
    parser.add_argument("--at", type=_instant, metavar="INSTANT", help="judge at that instant, not now (ISO 8601)")
    parser.add_argument("--policy", choices=sorted(POLICIES), default="production", help="allowed algorithms")
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    at = args.at or datetime.now(UTC)
    try:
        verdict = verify_source(args.anchor, args.source, at=at, policy=POLICIES[args.policy])
        code = 0 if verdict.fault_code is None else 1
    except OSError as exc:
        missing = args.anchor if exc.filename is None else Path(str(exc.filename))
        fault_code = Code.NO_ANCHOR if missing == args.anchor else Code.CONNECTION
        message = f"{missing}: {exc.strerror or exc}"
        verdict, code = ConfigurationVerdict(fault_code=str(fault_code), message=message), 2
    except _UnreadableAnchorError as exc:
        verdict, code = ConfigurationVerdict(fault_code=exc.fault.code, message=exc.fault.message), 2
    _tell(verdict, as_json=args.json, lang=getattr(args, "lang", "en"))
    return code


class _UnreadableAnchorError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def verify_source(anchor_file: Path, source: str, *, at: datetime, policy: Policy) -> ConfigurationVerdict:
    """Verify what *source* (URL, file or folder) publishes at *at*; only the anchor's certificates are believed.

    Raises:
        OSError: the anchor or the source cannot be read.
    """
    try:
        anchor = read_anchor(anchor_file.read_bytes())
        name = directory_name(anchor)
    except Fault as fault:
        raise _UnreadableAnchorError(fault) from fault
    certificates = tuple(der for place in anchor.sources for der in place.certificates)
    try:
        if source.startswith(("http://", "https://")):
            location = Location(url=f"{source}{name}" if source.endswith("/") else source, certificates=certificates)
            return asyncio.run(_verify_url(location, anchor, at, policy))
        document = Path(source) / name if Path(source).is_dir() else Path(source)
        directory = read_directory(document.read_bytes(), certificates=certificates, at=at, policy=policy)
        is_complete = document != Path(source)
        return _judge(anchor, directory, _files_below(document.parent, is_complete=is_complete))
    except Fault as fault:
        return ConfigurationVerdict(instance=anchor.instance, fault_code=fault.code, message=fault.message)


async def _verify_url(
    location: Location, anchor: ConfigurationAnchor, at: datetime, policy: Policy
) -> ConfigurationVerdict:
    settings = DownloadSettings(policy=policy)
    async with open_session(settings) as session:
        downloader = Downloader(session, settings)
        url, directory = await downloader.directory(location, at)
        fetched: dict[DirectoryPart, bytes | Fault] = {}
        for part in directory.parts:
            try:
                fetched[part] = await downloader.part(url, part)
            except Fault as fault:
                fetched[part] = fault

    def read(part: DirectoryPart) -> bytes:
        found = fetched[part]
        if isinstance(found, Fault):
            raise found
        return found

    return _judge(anchor, directory, read)


def _files_below(folder: Path, *, is_complete: bool) -> ReadPart:
    def read(part: DirectoryPart) -> bytes | None:
        steps = [step for step in part.location.split("/") if step]
        if len(steps) > 1 and steps[0][:1] == "V" and steps[0][1:].isdigit():
            steps = steps[1:]
        try:
            return folder.joinpath(*steps).read_bytes()
        except OSError as exc:
            if is_complete:
                raise refuse(Code.PART_DOWNLOAD, f"{part.location}: {exc.strerror}") from exc
            return None

    return read


def _judge(anchor: ConfigurationAnchor, directory: SignedDirectory, read: ReadPart) -> ConfigurationVerdict:
    parts = tuple(_judge_part(part, directory.version, read) for part in directory.parts)
    bad = next((part for part in parts if part.valid is False), None)
    fault_code, message = (None, "") if bad is None else (bad.fault_code, bad.message)
    shared = {part.instance for part in parts if part.identifier == SHARED_PARAMETERS}
    if bad is None and shared and anchor.instance not in shared:
        fault_code = str(Code.INSTANCE)
        message = f"the anchor is of instance {anchor.instance!r}, the configuration of {sorted(map(str, shared))}"
    return ConfigurationVerdict(
        instance=anchor.instance,
        fault_code=fault_code,
        message=message,
        version=directory.version,
        expires=directory.expires,
        parts=parts,
    )


def _judge_part(part: DirectoryPart, version: int, read: ReadPart) -> PartVerdict:
    valid: bool | None = True
    code, message = None, ""
    try:
        data = read(part)
        if data is None:
            valid = None
        else:
            part.require_intact(data)
            message = _check_content(part, data, version)
    except Fault as fault:
        valid, code, message = False, fault.code, fault.message
    return PartVerdict(
        identifier=part.identifier,
        instance=part.instance,
        location=part.location,
        valid=valid,
        fault_code=code,
        message=message,
    )


def _check_content(part: DirectoryPart, data: bytes, version: int) -> str:
    """Check against the version; what only a later version knows is remarked on: servers published such in 2024."""
    try:
        check_part(part, data, version)
    except Fault as fault:
        for later in range(version + 1, NEWEST + 1):
            try:
                check_part(part, data, later)
            except Fault:
                continue
            return f"holds elements of version {later}: {fault.message}"
        raise
    return ""


def _tell(verdict: ConfigurationVerdict, *, as_json: bool, lang: str) -> None:
    if as_json:
        print(json.dumps(verdict.as_json(), ensure_ascii=False, indent=2))
        return
    words = _TEXTS[lang]
    if verdict.fault_code is not None:
        print(f"{words['invalid']}: {verdict.fault_code}: {verdict.message}", file=sys.stderr)
    else:
        until = f"{words['expires']} {verdict.as_json()['expires']}"
        print(f"{words['valid']}: {verdict.instance}, {words['version']} {verdict.version}, {until}")
    for part in verdict.parts:
        mark = _MARKS[lang][part.valid]
        print(f"  {part.identifier} {part.instance or ''} {part.location}: {mark} {part.message}".rstrip())


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
