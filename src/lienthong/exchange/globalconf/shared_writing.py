"""Shared parameters, from the model to a tree that holds everything any version knows. Source: s.1.4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lienthong.exchange.errors import ConfigurationError
from lienthong.exchange.globalconf.index import auth_hash_algorithm
from lienthong.exchange.globalconf.model import (
    AcmeServer,
    ApprovedCa,
    ApprovedTsa,
    CaEntry,
    Member,
    MemberClass,
    OcspResponder,
    SecurityServer,
    SharedParameters,
)
from lienthong.exchange.globalconf.tree import Node, binary, client_node, node, optional_text, text
from lienthong.exchange.identifiers import ClientId


def shared_node(parameters: SharedParameters, version: int) -> Node:
    """The tree of shared parameters; ids go member, then its subsystems, from ``id0``.

    Raises:
        ConfigurationError: an owner or client of a server is no member or subsystem.
    """
    ids = _ids(parameters.members)
    _require_known(parameters, ids)
    freshness = int(parameters.ocsp_freshness.total_seconds())
    return node(
        "conf",
        text("instanceIdentifier", parameters.instance),
        (
            node(
                "source",
                text("address", source.address),
                (binary("internalVerificationCert", der) for der in source.internal_certificates),
                (binary("externalVerificationCert", der) for der in source.external_certificates),
            )
            for source in parameters.sources
        ),
        (_approved_ca(ca) for ca in parameters.approved_cas),
        (_approved_tsa(tsa) for tsa in parameters.approved_tsas),
        (_member(member, ids) for member in parameters.members),
        (_server(server, ids, version) for server in parameters.servers),
        (
            node(
                "globalGroup",
                text("groupCode", group.code),
                text("description", group.description),
                (client_node("groupMember", client) for client in group.members),
            )
            for group in parameters.groups
        ),
        node("globalSettings", map(_member_class, parameters.member_classes), text("ocspFreshnessSeconds", freshness)),
    )


def _ids(members: tuple[Member, ...]) -> dict[ClientId, str]:
    every = [client for member in members for client in _clients(member)]
    return {client: f"id{number}" for number, client in enumerate(every)}


def _clients(member: Member) -> Iterator[ClientId]:
    yield member.id
    yield from (member.subsystem_id(subsystem) for subsystem in member.subsystems)


def _require_known(parameters: SharedParameters, ids: Mapping[ClientId, str]) -> None:
    problems = [
        f"{client} at {server.id} is not registered"
        for server in parameters.servers
        for client in (server.id.owner, *server.clients)
        if client not in ids
    ]
    if problems:
        raise ConfigurationError(*problems)


def _responder(responder: OcspResponder) -> Node:
    der = responder.certificate_der
    return node(
        "ocsp",
        text("url", responder.url),
        None if der is None else binary("cert", der),
        optional_text("costType", responder.cost_type),
    )


def _ca_entry(name: str, entry: CaEntry) -> Node:
    return node(name, binary("cert", entry.certificate_der), map(_responder, entry.responders))


def _approved_ca(ca: ApprovedCa) -> Node:
    return node(
        "approvedCA",
        text("name", ca.name),
        text("authenticationOnly", ca.authentication_only),
        _ca_entry("topCA", ca.top),
        (_ca_entry("intermediateCA", entry) for entry in ca.intermediates),
        text("certificateProfileInfo", ca.certificate_profile_info),
        optional_text("defaultCsrFormat", ca.default_csr_format),
        None if ca.acme is None else _acme(ca.acme),
    )


def _acme(acme: AcmeServer) -> Node:
    return node(
        "acmeServer",
        text("directoryURL", acme.directory_url),
        optional_text("ipAddress", acme.ip_addresses),
        optional_text("authenticationCertificateProfileId", acme.authentication_profile_id),
        optional_text("signingCertificateProfileId", acme.signing_profile_id),
    )


def _approved_tsa(tsa: ApprovedTsa) -> Node:
    return node(
        "approvedTSA",
        text("name", tsa.name),
        text("url", tsa.url),
        binary("cert", tsa.certificate_der),
        optional_text("costType", tsa.cost_type),
    )


def _member_class(member_class: MemberClass) -> Node:
    return node("memberClass", text("code", member_class.code), text("description", member_class.description))


def _member(member: Member, ids: Mapping[ClientId, str]) -> Node:
    return node(
        "member",
        _member_class(MemberClass(code=member.id.member_class, description=member.class_description)),
        text("memberCode", member.id.member_code),
        text("name", member.name),
        (
            node(
                "subsystem",
                text("subsystemCode", subsystem.code),
                optional_text("subsystemName", subsystem.name),
                id=ids[member.subsystem_id(subsystem)],
            )
            for subsystem in member.subsystems
        ),
        id=ids[member.id],
    )


def _server(server: SecurityServer, ids: Mapping[ClientId, str], version: int) -> Node:
    algorithm, mode = auth_hash_algorithm(version), server.maintenance
    return node(
        "securityServer",
        text("owner", ids[server.id.owner]),
        text("serverCode", server.id.server_code),
        optional_text("address", server.address),
        (binary("authCertHash", d.value) for d in server.auth_cert_hashes if d.algorithm is algorithm),
        (text("client", ids[client]) for client in server.clients if client != server.id.owner),
        None if mode is None else node("inMaintenanceMode", optional_text("message", mode.message)),
    )
