"""Reads the TOML declaration of an instance: all of it is valid, or every problem is named at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from lienthong.exchange.central.declaration_check import check_registry
from lienthong.exchange.central.registry import RegisteredServer, Registry
from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf.anchor import read_anchor
from lienthong.exchange.globalconf.model import (
    AcmeServer,
    ApprovedCa,
    ApprovedTsa,
    CaEntry,
    ConfigurationAnchor,
    GlobalGroup,
    MaintenanceMode,
    ManagementService,
    Member,
    MemberClass,
    OcspResponder,
    Subsystem,
)
from lienthong.exchange.identifiers import ClientId, SecurityServerId, parse_client, parse_server
from lienthong.exchange.serverconf.problems import InvalidSettingsError
from lienthong.exchange.serverconf.tables import UNKNOWN_CLIENT, Sheet, Table
from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import MalformedEvidenceError

_Value = TypeVar("_Value")
_CODE = re.compile(r"[a-zA-Z0-9'()+,\-.=?]+")
"""Source: governance s.2.3, strict identifier checks."""
_ADDRESS = re.compile(r"(?:[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_COSTS = ("FREE", "PAID", "UNDEFINED")
_FORMATS = ("PEM", "DER")
_UNKNOWN_SERVER = SecurityServerId(UNKNOWN_CLIENT, "?")
_DAY = 86_400
_TWO_SECONDS = timedelta(seconds=2)


def parse_declaration(text: str, *, file: Path) -> Registry:
    """Read a declaration; certificates and anchors are files named relative to it.

    Raises:
        InvalidSettingsError: with every problem of the file and its line.
    """
    sheet = Sheet(text, file=file)
    sheet.data = file.parent
    registry = _read(sheet.root)
    sheet.root.close()
    if not sheet.problems:
        check_registry(registry, sheet.note)
    if sheet.problems:
        raise InvalidSettingsError(*sheet.problems)
    return registry


def _read(root: Table) -> Registry:
    instance = root.text("instance")
    settings = root.table("settings")
    classes = _read_each(root, "member_class", _read_class)
    descriptions = {member_class.code: member_class.description for member_class in classes}
    expire = settings.seconds("expire_interval", timedelta(seconds=600), low=4, high=_DAY)
    registry = Registry(
        instance=instance,
        addresses=_read_addresses(root),
        management=_read_management(root),
        ocsp_freshness=settings.seconds("ocsp_freshness", timedelta(seconds=3600), low=60, high=7 * _DAY),
        timestamping_interval=settings.seconds("timestamping_interval", timedelta(seconds=60), low=60, high=_DAY),
        expire_interval=expire,
        publication_interval=settings.seconds(
            "publication_interval", min(timedelta(seconds=60), expire / 2), low=1, high=expire // _TWO_SECONDS
        ),
        monitoring_client=settings.client("monitoring_client") if settings.has("monitoring_client") else None,
        verify_next_update=settings.flag("verify_next_update", default=True)
        if settings.has("verify_next_update")
        else None,
        ocsp_fetch_interval=settings.seconds("ocsp_fetch_interval", timedelta(seconds=1200), low=60, high=_DAY)
        if settings.has("ocsp_fetch_interval")
        else None,
        member_classes=classes,
        members=_read_each(root, "member", lambda table: _read_member(table, descriptions)),
        servers=_read_each(root, "server", _read_server),
        groups=_read_each(root, "group", _read_group),
        approved_cas=_read_each(root, "ca", _read_ca),
        approved_tsas=_read_each(root, "tsa", _read_tsa),
        trusted_anchors=_read_anchors(root),
    )
    settings.close()
    return registry


def _read_each(parent: Table, key: str, read: Callable[[Table], _Value]) -> tuple[_Value, ...]:
    values = []
    for table in parent.tables(key):
        values.append(read(table))
        table.close()
    return tuple(values)


def _read_addresses(root: Table) -> tuple[str, ...]:
    addresses = root.texts("addresses")
    if not addresses or not all(_ADDRESS.fullmatch(address) for address in addresses):
        root.refuse("addresses", found=", ".join(addresses) or "nothing", expected="host names, each host or host:port")
    return tuple(address.removesuffix(":80") for address in addresses)


def _read_management(root: Table) -> ManagementService | None:
    if not root.has("management"):
        return None
    table = root.table("management")
    service = ManagementService(
        provider=table.client("provider"),
        auth_cert_reg_url=table.address("auth_cert_reg_url"),
        auth_cert_reg_certificate_der=_optional_certificate(table, "auth_cert_reg_certificate"),
    )
    table.close()
    return service


def _read_class(table: Table) -> MemberClass:
    return MemberClass(code=_code(table, "code"), description=table.text("description"))


def _read_member(table: Table, descriptions: dict[str, str]) -> Member:
    member = table.converted("id", _parse_member, expected="INSTANCE/CLASS/CODE", default=UNKNOWN_CLIENT)
    if member.member_class not in descriptions and member != UNKNOWN_CLIENT:
        table.refuse("id", found=f"class {member.member_class}", expected="a class declared under [[member_class]]")
    return Member(
        id=member,
        class_description=descriptions.get(member.member_class, ""),
        name=table.text("name"),
        subsystems=_read_each(table, "subsystem", _read_subsystem),
    )


def _read_subsystem(table: Table) -> Subsystem:
    return Subsystem(code=_code(table, "code"), name=table.text("name", "") or None)


def _read_server(table: Table) -> RegisteredServer:
    in_maintenance = table.flag("maintenance", default=False)
    message = table.text("maintenance_message", "") or None
    return RegisteredServer(
        id=table.converted("id", _parse_server, expected="INSTANCE/CLASS/CODE/SERVER", default=_UNKNOWN_SERVER),
        address=table.text("address", "") or None,
        auth_certificates=tuple(
            _certificate(table, "auth_certificates", path) for path in table.files("auth_certificates")
        ),
        clients=_clients(table, "clients"),
        disabled_clients=_clients(table, "disabled_clients"),
        maintenance=MaintenanceMode(message=message) if in_maintenance else None,
    )


def _read_group(table: Table) -> GlobalGroup:
    return GlobalGroup(
        code=_code(table, "code"), description=table.text("description"), members=_clients(table, "members")
    )


def _read_ca(table: Table) -> ApprovedCa:
    return ApprovedCa(
        name=table.text("name"),
        certificate_profile_info=table.text("profile"),
        authentication_only=table.flag("authentication_only", default=False),
        default_csr_format=_one_of(table, "default_csr_format", _FORMATS),
        top=_read_ca_entry(table),
        intermediates=_read_each(table, "intermediate", _read_ca_entry),
        acme=_read_acme(table),
    )


def _read_ca_entry(table: Table) -> CaEntry:
    return CaEntry(
        certificate_der=_certificate(table, "certificate", table.file("certificate")),
        responders=_read_each(table, "ocsp", _read_responder),
    )


def _read_responder(table: Table) -> OcspResponder:
    return OcspResponder(
        url=table.address("url"),
        certificate_der=_optional_certificate(table, "certificate"),
        cost_type=_one_of(table, "cost", _COSTS),
    )


def _read_acme(table: Table) -> AcmeServer | None:
    if not table.has("acme"):
        return None
    acme = table.table("acme")
    server = AcmeServer(
        directory_url=acme.address("directory_url"),
        ip_addresses=acme.text("ip_addresses", "") or None,
        authentication_profile_id=acme.text("authentication_profile_id", "") or None,
        signing_profile_id=acme.text("signing_profile_id", "") or None,
    )
    acme.close()
    return server


def _read_tsa(table: Table) -> ApprovedTsa:
    return ApprovedTsa(
        name=table.text("name"),
        url=table.address("url"),
        certificate_der=_certificate(table, "certificate", table.file("certificate")),
        cost_type=_one_of(table, "cost", _COSTS),
    )


def _read_anchors(root: Table) -> tuple[ConfigurationAnchor, ...]:
    anchors = []
    for path in root.files("trusted_anchors"):
        try:
            anchors.append(read_anchor(path.read_bytes()))
        except OSError as exc:
            root.refuse("trusted_anchors", found=f"{path}: {exc.strerror}", expected="a readable anchor file")
        except Fault as fault:
            root.refuse("trusted_anchors", found=f"{path}: {fault.message}", expected="an anchor file")
    return tuple(anchors)


def _one_of(table: Table, key: str, allowed: tuple[str, ...]) -> str | None:
    value = table.text(key, "")
    if value and value not in allowed:
        table.refuse(key, found=repr(value), expected=f"one of {', '.join(allowed)}")
    return value or None


def _code(table: Table, key: str) -> str:
    value = table.text(key)
    if value and not _CODE.fullmatch(value):
        table.refuse(key, found=repr(value), expected="letters, digits and '()+,-.=? without spaces")
    return value


def _clients(table: Table, key: str) -> tuple[ClientId, ...]:
    declared = table.clients(key)
    return tuple(sorted(declared, key=str))


def _certificate(table: Table, key: str, path: Path) -> bytes:
    try:
        return Certificate.from_pem_or_der(path.read_bytes()).der
    except OSError as exc:
        if path.name:
            table.refuse(key, found=f"{path}: {exc.strerror}", expected="a readable certificate file")
    except MalformedEvidenceError as exc:
        table.refuse(key, found=f"{path}: {exc}", expected="a certificate, PEM or DER")
    return b""


def _optional_certificate(table: Table, key: str) -> bytes | None:
    path = table.optional_file(key)
    return None if path is None else _certificate(table, key, path) or None


def _parse_member(text: str) -> ClientId:
    client = parse_client(text)
    if client.subsystem_code is not None or not all(_CODE.fullmatch(part) for part in client.parts):
        raise ValueError(text)
    return client


def _parse_server(text: str) -> SecurityServerId:
    server = parse_server(text)
    if not all(_CODE.fullmatch(part) for part in server.parts):
        raise ValueError(text)
    return server
