"""``GET /asic``: the evidence of one's own messages, as containers. Source: message-path dossier s.5.7."""

from __future__ import annotations

import asyncio
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

from lienthong.exchange.adapters.log_archive_files import ARCHIVE_FOLDER, export_entry
from lienthong.exchange.adapters.log_index_choice import open_index
from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.identifiers import ClientId, IdentifierError
from lienthong.exchange.messagelog.container import ExportedContainer
from lienthong.exchange.messagelog.entries import LogEntry, LogQuery, MessageIndex
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.orders import give_order
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.serverconf.systems import SystemConnection, decide_system
from lienthong.exchange.transport.http import Handler, HttpRequest, HttpResponse

MAX_CONTAINERS = 100


class RefusedError(Exception):
    """The download is refused; carries the HTTP status."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class AsicQuery:
    """What is asked for."""

    message_id: str
    client: ClientId
    is_response: bool | None
    """None: both."""
    is_unique: bool
    """One bare container instead of a zip."""
    is_forced: bool
    """Timestamp first what is not timestamped yet."""


def parse_query(raw: bytes) -> AsicQuery:
    """Read the query; raises RefusedError 400 that names the parameter."""
    values = parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True)

    def one(name: str) -> str:
        found = values.get(name, [""])[0]
        if not found:
            raise RefusedError(400, f"Parameter {name} is missing")
        return found

    sides = [name for name in ("requestOnly", "responseOnly") if name in values]
    if "unique" in values and len(sides) != 1:
        raise RefusedError(400, "unique goes with exactly one of requestOnly and responseOnly")
    try:
        client = ClientId(
            one("xRoadInstance"), one("memberClass"), one("memberCode"), values.get("subsystemCode", [None])[0]
        )
    except IdentifierError as exc:
        raise RefusedError(400, str(exc)) from exc
    return AsicQuery(
        message_id=one("queryId"),
        client=client,
        is_response=sides == ["responseOnly"] if len(sides) == 1 else None,
        is_unique="unique" in values,
        is_forced="force" in values,
    )


def asic_door(means: Facilities, paths: DataPaths) -> Handler:
    """The handler; the index is opened when first asked for."""
    opened: list[MessageIndex] = []

    async def handle(request: HttpRequest) -> HttpResponse:
        try:
            query = parse_query(request.raw_query)
            _admit(means, query.client, request)
            if query.is_forced:
                await give_order(paths.control, "timestamp")
            if not opened:
                settings = means.snapshot().settings
                opened.append(open_index(settings.log, data=paths.data, server=settings.id))
            return _packed(query, await asyncio.to_thread(collect, opened[0], query, paths.data / ARCHIVE_FOLDER))
        except RefusedError as exc:
            return _plain(exc.status, str(exc))
        except ExchangeError as exc:
            return _plain(500, str(exc))

    return handle


def collect(index: MessageIndex, query: AsicQuery, archives: Path) -> list[ExportedContainer]:
    """The containers that match, archived ones too; raises RefusedError 404 or 500."""
    wanted = LogQuery(message_id=query.message_id, is_response=query.is_response)
    entries = [entry for entry in index.search(wanted, limit=MAX_CONTAINERS) if _owner(entry) == query.client]
    if not entries:
        raise RefusedError(404, "No log records found")
    if any(entry.timestamp is None for entry in entries):
        raise RefusedError(500, "Some message signatures have not been timestamped yet; add &force to have it done now")
    in_order = sorted(entries, key=lambda entry: entry.number)
    return [export_entry(index, entry, archives=archives) for entry in in_order]


def _owner(entry: LogEntry) -> ClientId:
    return entry.client if entry.side.value == "client" else entry.service.client


def _admit(means: Facilities, client: ClientId, request: HttpRequest) -> None:
    snapshot = means.snapshot()
    refused = decide_system(
        client,
        snapshot.settings.client(client),
        SystemConnection(tls=request.peer.tls, certificate_der=request.peer.leaf_der),
        registered_der=snapshot.system_certificates.get(client, frozenset()),
        internal_der=snapshot.internal_certificate,
    )
    if refused is not None:
        raise RefusedError(401, refused.message)


def _packed(query: AsicQuery, containers: list[ExportedContainer]) -> HttpResponse:
    if query.is_unique:
        if len(containers) != 1:
            return _plain(404, f"{len(containers)} log records match; unique needs exactly one")
        return _file(containers[0].name, "application/vnd.etsi.asic-e+zip", containers[0].data)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for container in containers:
            archive.writestr(container.name, container.data)
    side = {None: "", True: "-response", False: "-request"}[query.is_response]
    return _file(f"{query.message_id[:200]}{side}.zip", "application/zip", packed.getvalue())


def _file(name: str, content_type: str, data: bytes) -> HttpResponse:
    quoted = name.replace("\\", "_").replace('"', "_").replace("\r", "_").replace("\n", "_")
    disposition = f'filename="{quoted}"'.encode("latin-1", "replace")
    headers = ((b"Content-Type", content_type.encode("ascii")), (b"Content-Disposition", disposition))
    return HttpResponse(status=200, headers=headers, body=data)


def _plain(status: int, text: str) -> HttpResponse:
    return HttpResponse(status=status, headers=((b"Content-Type", b"text/plain; charset=utf-8"),), body=text.encode())
