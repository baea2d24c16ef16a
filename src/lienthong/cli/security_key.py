"""``lienthong security key create | request | import | enroll``: a security server's keys, in its software token.

``create`` makes a key, ``request`` writes a PKCS#10 request for it, ``import`` keeps a certificate beside its key.
``enroll`` does all three for every key that a file wishes, with an authority that certifies at once.
The token's password comes from a file. Exit code 0: done; 1: refused.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lienthong.cli.answers import Answer, add_json_argument, error, refuse, tell
from lienthong.cli.authority_request import DeskError, add_desk_arguments
from lienthong.cli.security_key_enroll import ATTRIBUTES, enroll, pem_request
from lienthong.trust.algorithms import KeyType

if TYPE_CHECKING:
    from lienthong.trust.tokens import FileTokenStore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("--tokens", type=Path, required=True, metavar="DIR", help="folder of the token")
    parser.add_argument("--password-file", type=Path, required=True, metavar="FILE", help="holds the token's password")
    add_json_argument(parser)
    actions = parser.add_subparsers(dest="action", required=True)
    create = actions.add_parser("create", help="make a key")
    create.add_argument("name", metavar="KEY")
    create.add_argument("--type", choices=[kind.value for kind in KeyType], default="EC", help="EC (P-256) or RSA")
    create.add_argument("--bits", type=int, default=2048, help="of an RSA key")
    request = actions.add_parser("request", help="write a certification request")
    request.add_argument("name", metavar="KEY")
    request.add_argument(
        "--subject", action="append", required=True, metavar="ATTRIBUTE=VALUE", help=f"of {', '.join(ATTRIBUTES)}"
    )
    request.add_argument("--dns", action="append", default=[], metavar="NAME", help="DNS name; may repeat")
    request.add_argument("--output", type=Path, required=True, metavar="FILE", help="where the request goes (PEM)")
    take = actions.add_parser("import", help="keep a certificate")
    take.add_argument("name", metavar="KEY")
    take.add_argument("certificate", type=Path, metavar="FILE", help="certificate (PEM or DER)")
    wished = actions.add_parser("enroll", help="make and have certified every wished key that the token does not hold")
    wished.add_argument("wishes", type=Path, metavar="FILE", help="a table for each key: profile, subject (TOML)")
    wished.add_argument("--output", type=Path, metavar="DIR", help="where copies of the new certificates go (PEM)")
    add_desk_arguments(wished)


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    from lienthong.trust.errors import TrustError

    try:
        values, lines = _ACTIONS[args.action](args)
    except (TrustError, DeskError, OSError, ValueError) as exc:
        return refuse(args, error(str(exc)))
    return tell(args, ({"action": args.action, **values}, lines))


def _open(args: argparse.Namespace) -> FileTokenStore:
    from lienthong.trust.tokens import FileTokenStore

    return FileTokenStore.open(args.tokens, password_file=args.password_file)


def _create(args: argparse.Namespace) -> Answer:
    _open(args).generate(args.name, KeyType(args.type), bits=args.bits)
    return {"key": args.name, "type": args.type}, []


def _request(args: argparse.Namespace) -> Answer:
    subject = [_attribute(text) for text in args.subject]
    args.output.write_bytes(pem_request(_open(args).key(args.name), subject, args.dns))
    return {"key": args.name, "request": str(args.output)}, []


def _import(args: argparse.Namespace) -> Answer:
    from lienthong.trust.certificates import Certificate

    certificate = Certificate.from_pem_or_der(args.certificate.read_bytes())
    _open(args).put_certificate(args.name, certificate)
    return {"key": args.name, "subject": certificate.subject, "serial": f"{certificate.serial:x}"}, []


def _enroll(args: argparse.Namespace) -> Answer:
    names = enroll(args, _open(args))
    return {"keys": names}, names


def _attribute(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"--subject {text!r}: expected ATTRIBUTE=VALUE")
    return name, value


_ACTIONS = {"create": _create, "request": _request, "import": _import, "enroll": _enroll}
