"""The registry as rows of the database, both ways."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from lienthong.exchange.central.registry import RegisteredServer, Registry
from lienthong.exchange.globalconf.anchor import read_anchor, write_anchor
from lienthong.exchange.globalconf.model import (
    AcmeServer,
    ApprovedCa,
    ApprovedTsa,
    CaEntry,
    GlobalGroup,
    MaintenanceMode,
    ManagementService,
    Member,
    MemberClass,
    OcspResponder,
    Subsystem,
)
from lienthong.exchange.identifiers import parse_client, parse_server, short_form

Rows = list[tuple[object, ...]]


class _Table(NamedTuple):
    name: str
    columns: tuple[str, ...]


_TABLES = (
    _Table("address", ("address",)),
    _Table("management", ("id", "provider", "auth_cert_reg_url", "auth_cert_reg_certificate")),
    _Table("member_class", ("code", "description")),
    _Table("member", ("id", "class", "name")),
    _Table("subsystem", ("id", "member", "code", "name")),
    _Table("server", ("id", "owner", "code", "address", "in_maintenance", "maintenance_message")),
    _Table("server_client", ("server", "client", "enabled")),
    _Table("auth_cert", ("server", "certificate")),
    _Table("global_group", ("code", "description")),
    _Table("group_member", ("group_code", "client")),
    _Table(
        "approved_ca",
        (
            "name",
            "profile",
            "authentication_only",
            "default_csr_format",
            "acme_directory_url",
            "acme_ip_addresses",
            "acme_authentication_profile_id",
            "acme_signing_profile_id",
        ),
    ),
    _Table("ca_certificate", ("position", "ca", "is_top", "certificate")),
    _Table("ocsp_responder", ("ca_certificate", "url", "certificate", "cost_type")),
    _Table("approved_tsa", ("name", "url", "certificate", "cost_type")),
    _Table("trusted_anchor", ("anchor",)),
)
_DURATIONS = (
    "ocsp_freshness",
    "timestamping_interval",
    "expire_interval",
    "publication_interval",
    "ocsp_fetch_interval",
)


def save_registry(connection: sqlite3.Connection, registry: Registry) -> None:
    """Replace everything declared; the caller holds the transaction."""
    for table in reversed(_TABLES):
        connection.execute(f"DELETE FROM {table.name}")  # noqa: S608 - names of our own table above
    rows = _rows(registry)
    for table in _TABLES:
        marks = ", ".join("?" * len(table.columns))
        statement = f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({marks})"  # noqa: S608
        connection.executemany(statement, rows[table.name])
    connection.execute("DELETE FROM setting")
    connection.executemany("INSERT INTO setting (name, value) VALUES (?, ?)", _settings(registry))


def load_registry(connection: sqlite3.Connection) -> Registry:
    """Read everything declared."""
    settings = dict(connection.execute("SELECT name, value FROM setting"))
    durations = {name: timedelta(seconds=int(settings[name])) for name in _DURATIONS if name in settings}
    monitoring = settings.get("monitoring_client")
    next_update = settings.get("verify_next_update")
    classes = dict(connection.execute("SELECT code, description FROM member_class ORDER BY position"))
    return Registry(
        instance=settings["instance"],
        addresses=tuple(a for (a,) in connection.execute("SELECT address FROM address ORDER BY position")),
        management=_load_management(connection),
        monitoring_client=None if monitoring is None else parse_client(monitoring),
        verify_next_update=None if next_update is None else next_update == "true",
        member_classes=tuple(MemberClass(code=code, description=text) for code, text in classes.items()),
        members=tuple(_load_members(connection, classes)),
        servers=tuple(_load_servers(connection)),
        groups=tuple(_load_groups(connection)),
        approved_cas=tuple(_load_cas(connection)),
        approved_tsas=tuple(
            ApprovedTsa(name=name, url=url, certificate_der=der, cost_type=cost)
            for name, url, der, cost in connection.execute(
                "SELECT name, url, certificate, cost_type FROM approved_tsa ORDER BY position"
            )
        ),
        trusted_anchors=tuple(
            read_anchor(data) for (data,) in connection.execute("SELECT anchor FROM trusted_anchor ORDER BY position")
        ),
        **durations,
    )


def _settings(registry: Registry) -> Iterator[tuple[str, str]]:
    yield "instance", registry.instance
    for name in _DURATIONS:
        value = getattr(registry, name)
        if value is not None:
            yield name, str(int(value.total_seconds()))
    if registry.monitoring_client is not None:
        yield "monitoring_client", short_form(registry.monitoring_client)
    if registry.verify_next_update is not None:
        yield "verify_next_update", str(registry.verify_next_update).lower()


def _rows(registry: Registry) -> dict[str, Rows]:
    service = registry.management
    rows: dict[str, Rows] = {table.name: [] for table in _TABLES}
    rows["address"] = [(address,) for address in registry.addresses]
    if service is not None:
        certificate = service.auth_cert_reg_certificate_der
        rows["management"] = [(1, short_form(service.provider), service.auth_cert_reg_url, certificate)]
    rows["member_class"] = [(c.code, c.description) for c in registry.member_classes]
    rows["member"] = [(short_form(m.id), m.id.member_class, m.name) for m in registry.members]
    rows["subsystem"] = [
        (short_form(m.subsystem_id(s)), short_form(m.id), s.code, s.name)
        for m in registry.members
        for s in m.subsystems
    ]
    _add_servers(rows, registry.servers)
    rows["global_group"] = [(group.code, group.description) for group in registry.groups]
    rows["group_member"] = [(group.code, short_form(client)) for group in registry.groups for client in group.members]
    _add_cas(rows, registry.approved_cas)
    rows["approved_tsa"] = [(t.name, t.url, t.certificate_der, t.cost_type) for t in registry.approved_tsas]
    rows["trusted_anchor"] = [(write_anchor(anchor),) for anchor in registry.trusted_anchors]
    return rows


def _add_servers(rows: dict[str, Rows], servers: tuple[RegisteredServer, ...]) -> None:
    for server in servers:
        name, mode = short_form(server.id), server.maintenance
        message = None if mode is None else mode.message
        rows["server"].append(
            (name, short_form(server.id.owner), server.id.server_code, server.address, mode is not None, message)
        )
        rows["server_client"] += [(name, short_form(client), True) for client in server.clients]
        rows["server_client"] += [(name, short_form(client), False) for client in server.disabled_clients]
        rows["auth_cert"] += [(name, der) for der in server.auth_certificates]


def _add_cas(rows: dict[str, Rows], cas: tuple[ApprovedCa, ...]) -> None:
    for ca in cas:
        acme = ca.acme or AcmeServer(directory_url="")
        rows["approved_ca"].append(
            (
                ca.name,
                ca.certificate_profile_info,
                ca.authentication_only,
                ca.default_csr_format,
                acme.directory_url or None,
                acme.ip_addresses,
                acme.authentication_profile_id,
                acme.signing_profile_id,
            )
        )
        for entry in (ca.top, *ca.intermediates):
            position = len(rows["ca_certificate"]) + 1
            rows["ca_certificate"].append((position, ca.name, entry is ca.top, entry.certificate_der))
            rows["ocsp_responder"] += [(position, r.url, r.certificate_der, r.cost_type) for r in entry.responders]


def _load_management(connection: sqlite3.Connection) -> ManagementService | None:
    row = connection.execute("SELECT provider, auth_cert_reg_url, auth_cert_reg_certificate FROM management").fetchone()
    if row is None:
        return None
    return ManagementService(
        provider=parse_client(row[0]), auth_cert_reg_url=row[1], auth_cert_reg_certificate_der=row[2]
    )


def _load_members(connection: sqlite3.Connection, classes: dict[str, str]) -> Iterator[Member]:
    subsystems: dict[str, list[Subsystem]] = {}
    for member, code, name in connection.execute("SELECT member, code, name FROM subsystem ORDER BY position"):
        subsystems.setdefault(member, []).append(Subsystem(code=code, name=name))
    for member, member_class, name in connection.execute("SELECT id, class, name FROM member ORDER BY position"):
        yield Member(
            id=parse_client(member),
            class_description=classes[member_class],
            name=name,
            subsystems=tuple(subsystems.get(member, ())),
        )


def _load_servers(connection: sqlite3.Connection) -> Iterator[RegisteredServer]:
    clients: dict[tuple[str, int], list[str]] = {}
    for server, client, enabled in connection.execute(
        "SELECT server, client, enabled FROM server_client ORDER BY position"
    ):
        clients.setdefault((server, enabled), []).append(client)
    certificates: dict[str, list[bytes]] = {}
    for server, der in connection.execute("SELECT server, certificate FROM auth_cert ORDER BY position"):
        certificates.setdefault(server, []).append(der)
    for server, address, in_maintenance, message in connection.execute(
        "SELECT id, address, in_maintenance, maintenance_message FROM server ORDER BY position"
    ):
        yield RegisteredServer(
            id=parse_server(server),
            address=address,
            auth_certificates=tuple(certificates.get(server, ())),
            clients=tuple(parse_client(client) for client in clients.get((server, 1), ())),
            disabled_clients=tuple(parse_client(client) for client in clients.get((server, 0), ())),
            maintenance=MaintenanceMode(message=message) if in_maintenance else None,
        )


def _load_groups(connection: sqlite3.Connection) -> Iterator[GlobalGroup]:
    members: dict[str, list[str]] = {}
    for code, client in connection.execute("SELECT group_code, client FROM group_member ORDER BY position"):
        members.setdefault(code, []).append(client)
    for code, description in connection.execute("SELECT code, description FROM global_group ORDER BY position"):
        clients = tuple(parse_client(client) for client in members.get(code, ()))
        yield GlobalGroup(code=code, description=description, members=clients)


def _load_cas(connection: sqlite3.Connection) -> Iterator[ApprovedCa]:
    responders: dict[int, list[OcspResponder]] = {}
    for position, url, der, cost in connection.execute(
        "SELECT ca_certificate, url, certificate, cost_type FROM ocsp_responder ORDER BY position"
    ):
        responders.setdefault(position, []).append(OcspResponder(url=url, certificate_der=der, cost_type=cost))
    entries: dict[tuple[str, int], list[CaEntry]] = {}
    for position, ca, is_top, der in connection.execute(
        "SELECT position, ca, is_top, certificate FROM ca_certificate ORDER BY position"
    ):
        entry = CaEntry(certificate_der=der, responders=tuple(responders.get(position, ())))
        entries.setdefault((ca, is_top), []).append(entry)
    for row in connection.execute(
        "SELECT name, profile, authentication_only, default_csr_format, acme_directory_url, acme_ip_addresses,"
        " acme_authentication_profile_id, acme_signing_profile_id FROM approved_ca ORDER BY position"
    ):
        name, profile, authentication_only, csr_format, *acme = row
        yield ApprovedCa(
            name=name,
            certificate_profile_info=profile,
            authentication_only=bool(authentication_only),
            default_csr_format=csr_format,
            top=entries[name, 1][0],
            intermediates=tuple(entries.get((name, 0), ())),
            acme=_acme(*acme) if acme[0] else None,
        )


def _acme(url: str, addresses: str | None, authentication: str | None, signing: str | None) -> AcmeServer:
    return AcmeServer(
        directory_url=url,
        ip_addresses=addresses,
        authentication_profile_id=authentication,
        signing_profile_id=signing,
    )
