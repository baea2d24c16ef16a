"""``lienthong exchange call``: call a service of the exchange from the command line, as an information system would.

Exit code 0: the service answered with a status below 400; 1: it answered otherwise or the exchange refused;
2: the request cannot be made as written.
"""

from __future__ import annotations

import argparse
import json
import ssl
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl

from lienthong.exchange.connector import Answer, AnswerTooLargeError, Connector, RestFault, UnreachableError

_REFUSED = {"vi": "bị từ chối", "en": "refused"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("service", metavar="SERVICE", help="INSTANCE/CLASS/CODE/SUBSYSTEM/SERVICE")
    parser.add_argument("path", metavar="PATH", nargs="?", default="", help="service path, /…; may hold ?query")
    parser.add_argument("--server", required=True, metavar="URL", help="address of our security server")
    parser.add_argument("--client", required=True, metavar="ID", help="INSTANCE/CLASS/CODE/SUBSYSTEM to act as")
    parser.add_argument("--method", default="GET", help="HTTP method (GET)")
    parser.add_argument("--body", type=Path, metavar="FILE", help="file to send as the body; - reads standard input")
    parser.add_argument("--header", action="append", default=[], metavar="NAME:VALUE", help="one more header")
    parser.add_argument("--officer", default="", help="who asks (X-Road-UserId)")
    parser.add_argument("--purpose", default="", help="dossier code, or LAW: and a citation (X-Road-Issue)")
    parser.add_argument("--idempotent", action="store_true", help="repeating the call does no harm")
    parser.add_argument("--timeout", type=float, default=90.0, metavar="SECONDS", help="silence allowed (90)")
    parser.add_argument("--ca", type=Path, metavar="FILE", help="certificate of the security server (PEM)")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="our certificate (PEM)")
    parser.add_argument("--key", type=Path, metavar="FILE", help="key of our certificate (PEM)")
    parser.add_argument("--json", action="store_true", help="answer as JSON with status and headers")


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    try:
        answer = _call(args)
    except RestFault as fault:
        _tell_fault(fault, args)
        return 1
    except (UnreachableError, AnswerTooLargeError) as exc:
        _tell_error(str(exc), as_json=args.json)
        return 1
    except (ValueError, OSError) as exc:
        _tell_error(str(exc), as_json=args.json)
        return 2
    _tell_answer(answer, as_json=args.json)
    return 0 if answer.status < 400 else 1


def _call(args: argparse.Namespace) -> Answer:
    connector = Connector(
        args.server, args.client, tls=_read_tls(args), timeout=timedelta(seconds=max(args.timeout, 0.001))
    )
    path, _, query = args.path.partition("?")
    return connector.call(
        args.service,
        args.method,
        path,
        query=_split_query(query),
        headers=[_split_header(header) for header in args.header],
        body=_read_body(args.body),
        officer=args.officer,
        purpose=args.purpose,
        idempotent=args.idempotent,
    )


def _split_query(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _split_header(text: str) -> tuple[str, str]:
    name, mark, value = text.partition(":")
    if not mark or not name.strip():
        raise ValueError(f"header {text!r} is not NAME:VALUE")
    return name.strip(), value.strip()


def _read_body(name: Path | None) -> bytes:
    if name is None:
        return b""
    return sys.stdin.buffer.read() if str(name) == "-" else name.read_bytes()


def _read_tls(args: argparse.Namespace) -> ssl.SSLContext | None:
    if not (args.ca or args.certificate):
        return None
    context = ssl.create_default_context(cafile=args.ca)
    if args.certificate:
        context.load_cert_chain(args.certificate, args.key)
    return context


def _tell_fault(fault: RestFault, args: argparse.Namespace) -> None:
    if args.json:
        told = {"type": fault.code, "message": fault.message, "detail": fault.detail}
        print(json.dumps({"ok": False, "message_id": fault.message_id, "fault": told}, ensure_ascii=False))
    else:
        print(f"{_REFUSED[args.lang]}: {fault.code}: {fault.message} [{fault.detail or '-'}]", file=sys.stderr)


def _tell_error(cause: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"ok": False, "error": cause}, ensure_ascii=False))
    else:
        print(cause, file=sys.stderr)


def _tell_answer(answer: Answer, *, as_json: bool) -> None:
    if not as_json:
        sys.stdout.flush()
        sys.stdout.buffer.write(answer.body)
        sys.stdout.buffer.flush()
        return
    told = {"ok": answer.status < 400, "message_id": answer.message_id, "status": answer.status}
    print(json.dumps({**told, "headers": answer.headers, "body": _show_body(answer)}, ensure_ascii=False))


def _show_body(answer: Answer) -> object:
    """The body as JSON where it is that, else as text."""
    try:
        return answer.json()
    except ValueError:
        return answer.text
