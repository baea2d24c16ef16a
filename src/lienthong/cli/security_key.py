"""``lienthong security key create | request | import``: a security server's keys, in its software token.

``create`` makes a key, ``request`` writes a PKCS#10 request for it, ``import`` keeps a certificate beside its key.
The token's password comes from a file. Exit code 0: done; 1: refused.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lienthong.trust.algorithms import KeyType

_ATTRIBUTES = {
    "C": "2.5.4.6",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "CN": "2.5.4.3",
    "serialNumber": "2.5.4.5",
    "businessCategory": "2.5.4.15",
    "organizationIdentifier": "2.5.4.97",
}


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
        "--subject", action="append", required=True, metavar="ATTRIBUTE=VALUE", help=f"of {', '.join(_ATTRIBUTES)}"
    )
    request.add_argument("--dns", action="append", default=[], metavar="NAME", help="DNS name; may repeat")
    request.add_argument("--output", type=Path, required=True, metavar="FILE", help="where the request goes (PEM)")
    take = actions.add_parser("import", help="keep a certificate")
    take.add_argument("name", metavar="KEY")
    take.add_argument("certificate", type=Path, metavar="FILE", help="certificate (PEM or DER)")


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    from lienthong.trust.errors import TrustError

    try:
        _ACTIONS[args.action](args)
    except (TrustError, OSError, ValueError) as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


def _create(args: argparse.Namespace) -> None:
    from lienthong.trust.tokens import FileTokenStore

    store = FileTokenStore.open(args.tokens, password_file=args.password_file)
    store.generate(args.name, KeyType(args.type), bits=args.bits)


def _request(args: argparse.Namespace) -> None:
    from lienthong.trust.certificates import build_request
    from lienthong.trust.tokens import FileTokenStore

    key = FileTokenStore.open(args.tokens, password_file=args.password_file).key(args.name)
    request = build_request(key, [_attribute(text) for text in args.subject], dns_names=args.dns)
    args.output.write_bytes(_pem(request))


def _import(args: argparse.Namespace) -> None:
    from lienthong.trust.certificates import Certificate
    from lienthong.trust.tokens import FileTokenStore

    certificate = Certificate.from_pem_or_der(args.certificate.read_bytes())
    store = FileTokenStore.open(args.tokens, password_file=args.password_file)
    store.put_certificate(args.name, certificate)


def _attribute(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or name not in _ATTRIBUTES:
        raise ValueError(f"--subject {text!r}: expected one of {', '.join(_ATTRIBUTES)}, '=' and a value")
    return _ATTRIBUTES[name], value


def _pem(request: bytes) -> bytes:
    from base64 import encodebytes

    lines = encodebytes(request).replace(b"\n", b"")
    wrapped = b"\n".join(lines[start : start + 64] for start in range(0, len(lines), 64))
    return b"-----BEGIN CERTIFICATE REQUEST-----\n" + wrapped + b"\n-----END CERTIFICATE REQUEST-----\n"


_ACTIONS = {"create": _create, "request": _request, "import": _import}
