"""Shared parameters, from checked XML to the model. Source: governance dossier s.1.4."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from lxml import etree

from lienthong.exchange.globalconf.elements import (
    certificate_of,
    certificates_of,
    client_of,
    optional_text_of,
    text_of,
)
from lienthong.exchange.globalconf.index import auth_hash_algorithm
from lienthong.exchange.globalconf.lexical import read_boolean
from lienthong.exchange.globalconf.model import (
    AcmeServer,
    ApprovedCa,
    ApprovedTsa,
    CaEntry,
    ConfigurationSource,
    GlobalGroup,
    MaintenanceMode,
    Member,
    MemberClass,
    OcspResponder,
    SecurityServer,
    SharedParameters,
    Subsystem,
)
from lienthong.exchange.globalconf.private_xml import seconds_of
from lienthong.exchange.identifiers import ClientId, IdentifierError, SecurityServerId
from lienthong.trust.algorithms import Digest


def read_shared(root: etree._Element, version: int) -> SharedParameters:
    """Read checked shared parameters; raises IdentifierError where a code is blank."""
    instance = text_of(root, "instanceIdentifier")
    members = tuple(_member(element, instance) for element in root.findall("member"))
    by_id = _ids(root, members)
    settings = root.find("globalSettings")
    assert settings is not None
    return SharedParameters(
        instance=instance,
        sources=tuple(_source(element) for element in root.findall("source")),
        approved_cas=tuple(_approved_ca(element) for element in root.findall("approvedCA")),
        approved_tsas=tuple(_approved_tsa(element) for element in root.findall("approvedTSA")),
        members=members,
        servers=tuple(_server(element, by_id, version) for element in root.findall("securityServer")),
        groups=tuple(_group(element) for element in root.findall("globalGroup")),
        member_classes=tuple(_member_class(element) for element in settings.findall("memberClass")),
        ocsp_freshness=seconds_of(settings, "ocspFreshnessSeconds"),
    )


def _source(element: etree._Element) -> ConfigurationSource:
    return ConfigurationSource(
        address=text_of(element, "address").strip(),
        internal_certificates=certificates_of(element, "internalVerificationCert"),
        external_certificates=certificates_of(element, "externalVerificationCert"),
    )


def _ca_entry(element: etree._Element) -> CaEntry:
    return CaEntry(
        certificate_der=certificate_of(element, "cert") or b"",
        responders=tuple(
            OcspResponder(
                url=text_of(ocsp, "url").strip(),
                certificate_der=certificate_of(ocsp, "cert"),
                cost_type=optional_text_of(ocsp, "costType"),
            )
            for ocsp in element.findall("ocsp")
        ),
    )


def _approved_ca(element: etree._Element) -> ApprovedCa:
    top, acme = element.find("topCA"), element.find("acmeServer")
    assert top is not None
    return ApprovedCa(
        name=text_of(element, "name"),
        authentication_only=read_boolean(text_of(element, "authenticationOnly")),
        top=_ca_entry(top),
        intermediates=tuple(_ca_entry(entry) for entry in element.findall("intermediateCA")),
        certificate_profile_info=text_of(element, "certificateProfileInfo").strip(),
        default_csr_format=optional_text_of(element, "defaultCsrFormat"),
        acme=None if acme is None else _acme(acme),
    )


def _acme(element: etree._Element) -> AcmeServer:
    return AcmeServer(
        directory_url=text_of(element, "directoryURL"),
        ip_addresses=optional_text_of(element, "ipAddress"),
        authentication_profile_id=optional_text_of(element, "authenticationCertificateProfileId"),
        signing_profile_id=optional_text_of(element, "signingCertificateProfileId"),
    )


def _approved_tsa(element: etree._Element) -> ApprovedTsa:
    return ApprovedTsa(
        name=text_of(element, "name"),
        url=text_of(element, "url").strip(),
        certificate_der=certificate_of(element, "cert") or b"",
        cost_type=optional_text_of(element, "costType"),
    )


def _member_class(element: etree._Element) -> MemberClass:
    return MemberClass(code=text_of(element, "code"), description=text_of(element, "description"))


def _member(element: etree._Element, instance: str) -> Member:
    class_element = element.find("memberClass")
    assert class_element is not None
    member_class = _member_class(class_element)
    return Member(
        id=ClientId(instance, member_class.code, text_of(element, "memberCode")),
        class_description=member_class.description,
        name=text_of(element, "name"),
        subsystems=tuple(
            Subsystem(code=text_of(sub, "subsystemCode"), name=optional_text_of(sub, "subsystemName"))
            for sub in element.findall("subsystem")
        ),
    )


def _ids(root: etree._Element, members: tuple[Member, ...]) -> dict[str, ClientId]:
    found: dict[str, ClientId] = {}
    for element, member in zip(root.findall("member"), members, strict=True):
        found[element.get("id", "").strip()] = member.id
        for child, subsystem in zip(element.findall("subsystem"), member.subsystems, strict=True):
            found[child.get("id", "").strip()] = member.subsystem_id(subsystem)
    return found


def _server(element: etree._Element, by_id: Mapping[str, ClientId], version: int) -> SecurityServer:
    maintenance = element.find("inMaintenanceMode")
    algorithm = auth_hash_algorithm(version)
    owner = by_id.get(text_of(element, "owner").strip())
    if owner is None:
        raise IdentifierError("owner of a security server is not a member")
    clients = (by_id[(client.text or "").strip()] for client in element.findall("client"))
    return SecurityServer(
        id=SecurityServerId(owner, text_of(element, "serverCode")),
        address=(optional_text_of(element, "address") or "").strip() or None,
        auth_cert_hashes=tuple(
            Digest(algorithm, base64.b64decode("".join((value.text or "").split())))
            for value in element.findall("authCertHash")
        ),
        clients=tuple(client for client in clients if client != owner),
        maintenance=None if maintenance is None else MaintenanceMode(message=optional_text_of(maintenance, "message")),
    )


def _group(element: etree._Element) -> GlobalGroup:
    return GlobalGroup(
        code=text_of(element, "groupCode"),
        description=text_of(element, "description"),
        members=tuple(client_of(member) for member in element.findall("groupMember")),
    )
