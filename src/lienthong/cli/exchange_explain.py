"""``lienthong exchange explain``: which step would refuse a message, and why, without sending it.

Exit code 0: nothing that can be known would refuse it; 1: a step would; 2: the folder, the anchor or a name cannot be
read.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.identifiers import IdentifierError, parse_client, parse_server, parse_service
from lienthong.exchange.security.explain import Explanation, Question, explain_inside, explain_outside
from lienthong.exchange.security.explain.outside import fingerprint
from lienthong.exchange.security.explain.probes import Dial
from lienthong.exchange.security.explain.report import json_of, table_of
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.serverconf.access import Interface

_ANCHOR_BYTES = 1024 * 1024
_FINGERPRINT = {
    "vi": "Vân tay tệp neo (SHA-224), hãy đối chiếu với trung tâm:",
    "en": "Fingerprint of the anchor (SHA-224), compare it with the centre's:",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("--from", dest="client", required=True, metavar="CLIENT", help="INSTANCE/CLASS/CODE/SUBSYSTEM")
    parser.add_argument(
        "--to", required=True, metavar="SERVICE", help="INSTANCE/CLASS/CODE/SUBSYSTEM/SERVICE[/VERSION]"
    )
    parser.add_argument("--soap", action="store_true", help="the call is SOAP")
    parser.add_argument("--method", default="GET", help="HTTP method (GET)")
    parser.add_argument("--path", default="", help="service path, /…")
    parser.add_argument("--officer", help="who asks (X-Road-UserId)")
    parser.add_argument("--purpose", help="dossier code, or LAW: and a citation (X-Road-Issue)")
    parser.add_argument("--target", metavar="SERVER", help="INSTANCE/CLASS/CODE/SERVER (X-Road-Security-Server)")
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--data", type=Path, metavar="DIR", help="from inside: data folder of our security server")
    place.add_argument("--anchor", metavar="FILE|URL", help="from outside: configuration anchor")
    parser.add_argument("--port", type=int, default=5500, help="message port of servers, from outside (5500)")
    parser.add_argument("--ocsp-port", type=int, default=5577, help="their OCSP port, from outside (5577)")
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    try:
        question = _question(args)
        if args.anchor is None:
            explanation, note = asyncio.run(explain_inside(DataPaths(args.data), question, clock=_utc_now)), ""
        else:
            anchor = _read_anchor(args.anchor)
            explanation, note = asyncio.run(explain_outside(anchor, question, _dial(args))), fingerprint(anchor)
    except (ExchangeError, IdentifierError, OSError) as exc:
        _tell_error(str(exc), as_json=args.json)
        return 2
    _tell(explanation, note, args)
    return 0 if explanation.first_refusal is None else 1


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _question(args: argparse.Namespace) -> Question:
    return Question(
        client=parse_client(args.client),
        service=parse_service(args.to),
        interface=Interface.SOAP if args.soap else Interface.REST,
        method=args.method.upper(),
        path=args.path.partition("?")[0],
        officer=args.officer,
        purpose=args.purpose,
        target=None if args.target is None else parse_server(args.target),
    )


def _dial(args: argparse.Namespace) -> Dial:
    return Dial(port=args.port, ocsp_port=args.ocsp_port, clock=_utc_now)


def _read_anchor(source: str) -> bytes:
    """Raises OSError; an anchor from the network is only as good as its fingerprint."""
    if not source.startswith(("http://", "https://")):
        return Path(source).read_bytes()
    try:
        with urlopen(source, timeout=30) as reply:  # noqa: S310 - http and https only, see above
            data: bytes = reply.read(_ANCHOR_BYTES)
    except (URLError, TimeoutError) as exc:
        raise OSError(f"{source}: {exc}") from exc
    return data


def _tell(explanation: Explanation, note: str, args: argparse.Namespace) -> None:
    if args.json:
        told = json_of(explanation, args.lang)
        if note:
            told["anchor_fingerprint"] = note
        print(json.dumps(told, ensure_ascii=False))
        return
    if note:
        print(f"{_FINGERPRINT[args.lang]}\n  {note}\n")
    print(table_of(explanation, args.lang))


def _tell_error(cause: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"error": cause}, ensure_ascii=False))
    else:
        print(cause, file=sys.stderr)
