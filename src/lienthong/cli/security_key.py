"""``lienthong security key create | request | import | enroll``: a security server's keys, in its software token.

``create`` makes a key, ``request`` writes a PKCS#10 request for it, ``import`` keeps a certificate beside its key.
``enroll`` does all three for every key that a file wishes, with an authority that certifies at once.
The token's password comes from a file. Exit code 0: done; 1: refused.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lienthong.cli.authority_request import DeskError, add_desk_arguments
from lienthong.cli.security_key_enroll import ATTRIBUTES, enroll, pem_request
from lienthong.trust.algorithms import KeyType

if TYPE_CHECKING:
    from lienthong.trust.tokens import FileTokenStore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("--tokens", type=Path, required=True, metavar="DIR", help="folder of the token")
    parser.add_argument("--password-file", type=Path, required=True, metavar="FILE", help="holds the token's password")
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
        _ACTIONS[args.action](args)
    except (TrustError, DeskError, OSError, ValueError) as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


def _open(args: argparse.Namespace) -> FileTokenStore:
    from lienthong.trust.tokens import FileTokenStore

    return FileTokenStore.open(args.tokens, password_file=args.password_file)


def _create(args: argparse.Namespace) -> None:
    _open(args).generate(args.name, KeyType(args.type), bits=args.bits)


def _request(args: argparse.Namespace) -> None:
    subject = [_attribute(text) for text in args.subject]
    args.output.write_bytes(pem_request(_open(args).key(args.name), subject, args.dns))


def _import(args: argparse.Namespace) -> None:
    from lienthong.trust.certificates import Certificate

    _open(args).put_certificate(args.name, Certificate.from_pem_or_der(args.certificate.read_bytes()))


def _enroll(args: argparse.Namespace) -> None:
    print(*enroll(args, _open(args)), sep="\n")


def _attribute(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"--subject {text!r}: expected ATTRIBUTE=VALUE")
    return name, value


_ACTIONS = {"create": _create, "request": _request, "import": _import, "enroll": _enroll}
