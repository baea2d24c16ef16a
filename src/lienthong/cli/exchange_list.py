"""``lienthong exchange list``: who can be found through a security server, and which services a provider offers.

Works in front of any X-Road 7 security server. Exit code 0: listed; 1: the server refused or does not answer;
2: the question cannot be asked as written.
"""

from __future__ import annotations

import argparse
import json
import ssl
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from lienthong.exchange.connector import AnswerTooLargeError, Connector, RestFault, UnreachableError

_LARGEST = 64 * 1024 * 1024
_ID_FIELDS = ("xroad_instance", "member_class", "member_code", "subsystem_code")
_HEADINGS = {
    "vi": {
        "client": "ĐỊNH DANH",
        "name": "TÊN",
        "service": "DỊCH VỤ",
        "allowed": "ĐƯỢC GỌI",
        "yes": "có",
        "no": "không",
    },
    "en": {"client": "CLIENT", "name": "NAME", "service": "SERVICE", "allowed": "ALLOWED", "yes": "yes", "no": "no"},
}
_NOTHING = {"vi": "không có gì", "en": "nothing"}
_REFUSED = {"vi": "bị từ chối", "en": "refused"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedClient:
    """A member or subsystem."""

    id: str
    """``INSTANCE/CLASS/CODE[/SUBSYSTEM]``."""
    name: str
    """Of the member, with the subsystem's where it has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedService:
    """A REST service of a provider."""

    code: str
    """Service code."""
    type: str
    """``REST`` or ``OPENAPI``."""
    endpoints: tuple[str, ...]
    """``METHOD path``, those that the provider lists."""
    allowed: bool
    """Whether the client may call it or one of its endpoints."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("--server", required=True, metavar="URL", help="address of our security server")
    parser.add_argument("--instance", default="", help="list the clients of another instance")
    parser.add_argument("--from", dest="client", metavar="CLIENT", help="who asks for services; goes with --of")
    parser.add_argument("--of", dest="provider", metavar="PROVIDER", help="INSTANCE/CLASS/CODE/SUBSYSTEM")
    parser.add_argument("--ca", type=Path, metavar="FILE", help="certificate of the security server (PEM)")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="our certificate (PEM)")
    parser.add_argument("--key", type=Path, metavar="FILE", help="key of our certificate (PEM)")
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    try:
        if bool(args.client) != bool(args.provider):
            raise ValueError("--from and --of go together")
        context = _read_tls(args)
        if args.client:
            _tell_services(_services(args, context), args)
        else:
            _tell_clients(_clients(args.server, args.instance, context), args)
    except RestFault as fault:
        return _fail(f"{_REFUSED[args.lang]}: {fault.code}: {fault.message}", args, 1)
    except (UnreachableError, AnswerTooLargeError, _NoListError) as exc:
        return _fail(str(exc), args, 1)
    except (ValueError, OSError) as exc:
        return _fail(str(exc), args, 2)
    return 0


class _NoListError(Exception):
    """The server gave no list."""


def _clients(server: str, instance: str, context: ssl.SSLContext | None) -> list[ListedClient]:
    """Ask ``listClients``. Source: message-path dossier s.7.1."""
    if not server.startswith(("http://", "https://")):
        raise ValueError(f"{server}: not an http or https address")
    url = f"{server.rstrip('/')}/listClients" + (f"?xRoadInstance={quote(instance, safe='')}" if instance else "")
    request = Request(url, headers={"Accept": "application/json"})  # noqa: S310 - http and https only, see above
    try:
        with urlopen(request, timeout=60, context=context) as reply:  # noqa: S310
            document = json.loads(reply.read(_LARGEST))
        return [_read_client(entry) for entry in document["member"]]
    except HTTPError as exc:
        raise _NoListError(f"{url}: {exc.code} {exc.reason}") from exc
    except (OSError, HTTPException) as exc:
        raise _NoListError(f"{url}: {exc}") from exc
    except (ValueError, KeyError, TypeError) as exc:
        raise _NoListError(f"{url} gave no list of clients; is the instance known there?") from exc


def _read_client(entry: Mapping[str, object]) -> ListedClient:
    identifier = entry["id"]
    if not isinstance(identifier, dict):
        raise TypeError("id")
    name = " / ".join(str(entry[key]) for key in ("name", "subsystem_name") if entry.get(key))
    return ListedClient(id="/".join(str(identifier[field]) for field in _ID_FIELDS if identifier.get(field)), name=name)


def _services(args: argparse.Namespace, context: ssl.SSLContext | None) -> list[ListedService]:
    """Ask ``listMethods`` and ``allowedMethods``. Source: message-path dossier s.7.4."""
    connector = Connector(args.server, args.client, tls=context)
    offered, allowed = (
        _entries(connector.call(f"{args.provider}/{code}", "GET", idempotent=True).json())
        for code in ("listMethods", "allowedMethods")
    )
    permitted = {entry.get("service_code") for entry in allowed}
    return [
        ListedService(
            code=str(entry.get("service_code", "")),
            type=str(entry.get("service_type", "")),
            endpoints=tuple(_endpoints(entry)),
            allowed=entry.get("service_code") in permitted,
        )
        for entry in offered
    ]


def _entries(document: object) -> list[dict[str, object]]:
    services = document.get("service") if isinstance(document, dict) else None
    if not isinstance(services, list) or not all(isinstance(entry, dict) for entry in services):
        raise _NoListError("the provider gave no list of services")
    return services


def _endpoints(entry: Mapping[str, object]) -> Iterable[str]:
    listed = entry.get("endpoint_list")
    for endpoint in listed if isinstance(listed, list) else ():
        yield f"{endpoint.get('method', '')} {endpoint.get('path', '')}"


def _tell_clients(clients: list[ListedClient], args: argparse.Namespace) -> None:
    if args.json:
        told = [{"id": client.id, "name": client.name} for client in clients]
        print(json.dumps({"clients": told}, ensure_ascii=False))
        return
    words = _HEADINGS[args.lang]
    _print_table([(words["client"], words["name"]), *((client.id, client.name) for client in clients)], args)


def _tell_services(services: list[ListedService], args: argparse.Namespace) -> None:
    if args.json:
        told = [{"code": s.code, "type": s.type, "endpoints": s.endpoints, "allowed": s.allowed} for s in services]
        print(json.dumps({"provider": args.provider, "services": told}, ensure_ascii=False))
        return
    words = _HEADINGS[args.lang]
    rows = [(words["allowed"], words["service"])]
    for service in services:
        rows.append((words["yes" if service.allowed else "no"], f"{service.code} ({service.type})"))
        rows += [("", f"  {endpoint}") for endpoint in service.endpoints]
    _print_table(rows, args)


def _print_table(rows: list[tuple[str, str]], args: argparse.Namespace) -> None:
    if len(rows) == 1:
        print(_NOTHING[args.lang])
        return
    width = max(len(first) for first, _ in rows)
    for first, second in rows:
        print(f"{first:<{width}}  {second}".rstrip())


def _read_tls(args: argparse.Namespace) -> ssl.SSLContext | None:
    if not (args.ca or args.certificate):
        return None
    context = ssl.create_default_context(cafile=args.ca)
    if args.certificate:
        context.load_cert_chain(args.certificate, args.key)
    return context


def _fail(cause: str, args: argparse.Namespace, code: int) -> int:
    if args.json:
        print(json.dumps({"error": cause}, ensure_ascii=False))
    else:
        print(cause, file=sys.stderr)
    return code
