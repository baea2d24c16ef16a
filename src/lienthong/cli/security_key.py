"""``lienthong security key create | request | import | enroll``: a security server's keys, in its software token.

``create`` makes a key, ``request`` writes a PKCS#10 request for it, ``import`` keeps a certificate beside its key.
``enroll`` does all three with an authority that certifies at once (``authority serve``); when the authority refuses,
no key stays behind.
The token's password comes from a file. Exit code 0: done; 1: refused.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lienthong.cli.authority_request import DeskError, add_desk_arguments, certify
from lienthong.trust.algorithms import KeyType

if TYPE_CHECKING:
    from lienthong.trust.keys import SigningKey
    from lienthong.trust.tokens import FileTokenStore

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
    _add_kind(create)
    request = actions.add_parser("request", help="write a certification request")
    request.add_argument("name", metavar="KEY")
    _add_subject(request)
    request.add_argument("--output", type=Path, required=True, metavar="FILE", help="where the request goes (PEM)")
    take = actions.add_parser("import", help="keep a certificate")
    take.add_argument("name", metavar="KEY")
    take.add_argument("certificate", type=Path, metavar="FILE", help="certificate (PEM or DER)")
    enroll = actions.add_parser("enroll", help="make a key, have it certified by an authority, keep the certificate")
    enroll.add_argument("name", metavar="KEY")
    enroll.add_argument("profile", metavar="PROFILE", help="such as SIGN, AUTHENTICATION or TLS_SERVER")
    _add_kind(enroll)
    _add_subject(enroll)
    enroll.add_argument("--output", type=Path, metavar="FILE", help="a copy of the certificate (PEM)")
    add_desk_arguments(enroll)


def _add_kind(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--type", choices=[kind.value for kind in KeyType], default="EC", help="EC (P-256) or RSA")
    parser.add_argument("--bits", type=int, default=2048, help="of an RSA key")


def _add_subject(parser: argparse.ArgumentParser) -> None:
    names = ", ".join(_ATTRIBUTES)
    parser.add_argument("--subject", action="append", required=True, metavar="ATTRIBUTE=VALUE", help=f"of {names}")
    parser.add_argument("--dns", action="append", default=[], metavar="NAME", help="DNS name; may repeat")


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
    args.output.write_bytes(_build_request(_open(args).key(args.name), args))


def _import(args: argparse.Namespace) -> None:
    from lienthong.trust.certificates import Certificate

    _open(args).put_certificate(args.name, Certificate.from_pem_or_der(args.certificate.read_bytes()))


def _enroll(args: argparse.Namespace) -> None:
    from lienthong.trust.certificates import Certificate

    store = _open(args)
    request = _build_request(store.generate(args.name, KeyType(args.type), bits=args.bits), args)
    try:
        certificate = certify(args, args.profile, request)
        store.put_certificate(args.name, Certificate.from_pem_or_der(certificate))
    except BaseException:
        store.delete(args.name)
        raise
    if args.output is not None:
        args.output.write_bytes(certificate)


def _build_request(key: SigningKey, args: argparse.Namespace) -> bytes:
    from lienthong.trust.certificates import build_request

    return _pem(build_request(key, [_attribute(text) for text in args.subject], dns_names=args.dns))


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


_ACTIONS = {"create": _create, "request": _request, "import": _import, "enroll": _enroll}
