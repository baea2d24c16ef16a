"""What the ports of information systems give besides messages: listClients, verificationconf, asic, wsdl.

Source: message-path dossier s.5.7, s.7.1.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from lienthong.exchange.errors import CLIENT_PROXY
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.message.faults import SOAP_FAULT_HEADERS, render_soap_fault
from lienthong.exchange.metadata import clients
from lienthong.exchange.security import wsdl_door
from lienthong.exchange.security.containers import asic_door
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.transport.http import Handler, HttpRequest, HttpResponse

VERIFICATION_CONF = b"/verificationconf"
_PARTS = ("shared-params.xml", "shared-params.xml.metadata")


def side_services(means: Facilities, paths: DataPaths) -> Mapping[bytes, Handler]:
    """Handlers by path, all for GET."""

    async def list_clients(request: HttpRequest) -> HttpResponse:
        return _list_clients(means, request)

    async def verification_conf(_: HttpRequest) -> HttpResponse:
        headers = (
            (b"Content-Type", b"application/zip"),
            (b"Content-Disposition", b'filename="verificationconf.zip"'),
        )
        return HttpResponse(status=200, headers=headers, body=verification_conf_zip(paths.globalconf))

    return {
        clients.PATH: list_clients,
        VERIFICATION_CONF: verification_conf,
        b"/asic": asic_door(means, paths),
        wsdl_door.PATH: wsdl_door.wsdl_door(means),
    }


def _list_clients(means: Facilities, request: HttpRequest) -> HttpResponse:
    snapshot: Snapshot = means.snapshot()
    globalconf = snapshot.globalconf
    instance = clients.asked_instance(request.raw_query, local_instance=globalconf.local_instance)
    if instance not in globalconf.instances:
        body = render_soap_fault(means.identified(clients.unknown_instance(instance).prefixed(CLIENT_PROXY)))
        return HttpResponse(status=200, headers=SOAP_FAULT_HEADERS, body=body)
    listed = [_listed(globalconf, client) for client in _in_order(globalconf, instance)]
    accept = [value.decode("latin-1") for name, value in request.headers if name.lower() == b"accept"]
    if clients.wants_json(accept):
        content_type, body = clients.JSON_CONTENT_TYPE, clients.client_list_json(listed)
    else:
        content_type, body = clients.XML_CONTENT_TYPE, clients.client_list_xml(listed)
    return HttpResponse(status=200, headers=((b"Content-Type", content_type.encode("ascii")),), body=body)


def verification_conf_zip(folder: Path) -> bytes:
    """The shared parameters of every instance, as evidence is verified with them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        instances = sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] != ".")
        for path in (instance / name for instance in instances for name in _PARTS):
            if path.is_file():
                archive.writestr(f"verificationconf/{path.parent.name}/{path.name}", path.read_bytes())
        archive.writestr("verificationconf/instance-identifier", (folder / "instance-identifier").read_bytes())
    return packed.getvalue()


def _in_order(globalconf: GlobalConfSet, instance: str) -> list[ClientId]:
    """Members as written, each followed by its subsystems."""
    subsystems = globalconf.subsystems(instance)
    return [
        client
        for member in globalconf.members(instance)
        for client in (member, *(each for each in subsystems if each.member == member))
    ]


def _listed(globalconf: GlobalConfSet, client: ClientId) -> clients.ListedClient:
    subsystem_name = None if client.subsystem_code is None else globalconf.subsystem_name(client)
    return clients.ListedClient(client=client, name=globalconf.member_name(client) or "", subsystem_name=subsystem_name)
