"""Reads the clients of a settings file: services, endpoints, groups and rights."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from lienthong.exchange.identifiers import ClientId, GlobalGroupId, LocalGroupId, SubjectId, parse_client
from lienthong.exchange.serverconf.access import RESERVED_SERVICES
from lienthong.exchange.serverconf.settings import (
    ANY_METHOD,
    ANY_PATH,
    AccessRight,
    Client,
    ClientStatus,
    ConnectionType,
    Endpoint,
    KeyReference,
    LocalGroup,
    Service,
    ServiceType,
)
from lienthong.exchange.serverconf.tables import UNKNOWN_CLIENT, Table

_METHODS = (ANY_METHOD, "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")
_SUBJECT = "a client id, group:CODE, group:INSTANCE/CODE or local:CODE"


def read_clients(tables: list[Table], *, instance: str, signing: Mapping[ClientId, KeyReference]) -> tuple[Client, ...]:
    """Read every client of the file and check what they must have in common with the server."""
    clients: list[Client] = []
    for table in tables:
        client = _read_client(table, instance)
        _demand_fit(table, client, instance=instance, signing=signing)
        if any(other.id == client.id != UNKNOWN_CLIENT for other in clients):
            table.refuse("id", found="the same client twice", expected="each client once")
        clients.append(client)
    return tuple(clients)


def _demand_fit(table: Table, client: Client, *, instance: str, signing: Mapping[ClientId, KeyReference]) -> None:
    if UNKNOWN_CLIENT in {client.id, *signing} or instance == "?":
        return
    if client.id.instance != instance:
        table.refuse("id", found=client.id.instance, expected=f"a client of the server's own instance, {instance}")
    elif client.id.member not in signing:
        table.refuse("id", found=f"no signing key of {client.id.member}", expected="one under [[keys.signing]]")


def _read_client(table: Table, instance: str) -> Client:
    groups = tuple(_read_group(entry) for entry in table.tables("group"))
    _demand_unique(table, "group", [group.code for group in groups])
    certificates = table.files("certificates")
    services = tuple(
        _read_service(entry, instance=instance, groups={group.code for group in groups}, certified=bool(certificates))
        for entry in table.tables("service")
    )
    _demand_unique(table, "service", [service.name for service in services])
    client = Client(
        id=table.client("id"),
        status=table.choice("status", ClientStatus.REGISTERED),
        connection_type=table.choice("connection_type", ConnectionType.HTTPS),
        certificates=certificates,
        groups=groups,
        services=services,
    )
    table.close()
    return client


def _demand_unique(table: Table, key: str, codes: list[str]) -> None:
    for code in sorted({code for code in codes if code and codes.count(code) > 1}):
        table.refuse(key, found=f"{code!r} twice", expected="each code once")


def _read_group(table: Table) -> LocalGroup:
    group = LocalGroup(
        code=table.text("code"), members=table.clients("members"), description=table.text("description", "")
    )
    table.close()
    return group


def _read_service(table: Table, *, instance: str, groups: Collection[str], certified: bool) -> Service:
    service = Service(
        code=_read_code(table),
        version=_read_version(table),
        type=table.choice("type", ServiceType.REST),
        url=table.address("url"),
        timeout=table.optional_seconds("timeout_s"),
        tls_verify=table.flag("tls_verify", default=True),
        disabled=table.flag("disabled", default=False),
        notice=table.text("notice", ""),
        personal_data=table.flag("personal_data", default=False),
        issue_patterns=_read_patterns(table),
        log_body=table.flag("log_body", default=False) if table.has("log_body") else None,
        openapi=table.text("openapi", ""),
        wsdl=table.text("wsdl", ""),
        endpoints=tuple(_read_listed(entry) for entry in table.tables("endpoint")),
        access=tuple(_read_access(entry, instance, groups) for entry in table.tables("access")),
    )
    _judge_service(table, service, certified=certified)
    table.close()
    return service


def _judge_service(table: Table, service: Service, *, certified: bool) -> None:
    _judge_description(table, service)
    if service.url.startswith("https:") and service.tls_verify and not certified:
        expected = "the service's certificate under the client's certificates, or tls_verify = false"
        table.refuse("tls_verify", found="an https service no certificate can vouch for", expected=expected)
    if len(set(service.access)) < len(service.access):
        table.refuse("access", found="one right twice", expected="each right once")


_DESCRIBED = {ServiceType.OPENAPI: ("openapi", "OpenAPI document"), ServiceType.WSDL: ("wsdl", "WSDL")}
"""Which key says where the description of a type of service is."""


def _judge_description(table: Table, service: Service) -> None:
    """Each type has its own description; SOAP knows versions but no endpoints. Source: message-path s.6."""
    for kind, (key, what) in _DESCRIBED.items():
        place = getattr(service, key)
        if service.type is kind and not place:
            table.refuse(key, found="nothing", expected=f"the file or address of the {what}")
        if service.type is not kind and place:
            table.refuse(key, found=f"a {what} of a {service.type.value} service", expected=f'type = "{kind.value}"')
    if service.type is not ServiceType.WSDL:
        if service.version is not None:
            table.refuse("version", found="a version", expected='none, or type = "WSDL": only SOAP services have one')
        return
    if service.endpoints:
        table.refuse("endpoint", found="an endpoint", expected="none: a SOAP service is called as a whole")
    if any(right.endpoint != Endpoint() for right in service.access):
        found = "a right on an endpoint"
        table.refuse(
            "access", found=found, expected="rights without method and path: a SOAP service is called as a whole"
        )


def _read_code(table: Table) -> str:
    code = table.text("code")
    if code in RESERVED_SERVICES:
        table.refuse("code", found=code, expected="a code that is no metaservice")
    if "/" in code:
        table.refuse("code", found=code, expected="a code without '/'")
    return code


def _read_version(table: Table) -> str | None:
    version = table.text("version") if table.has("version") else None
    if version is not None and "/" in version:
        table.refuse("version", found=version, expected="a version without '/'")
    return version


def _read_patterns(table: Table) -> tuple[str, ...]:
    patterns = table.texts("issue_patterns")
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as exc:
            table.refuse("issue_patterns", found=f"{pattern!r}: {exc}", expected="regular expressions")
    return patterns


def _read_listed(table: Table) -> Endpoint:
    endpoint = _read_endpoint(table)
    table.close()
    return endpoint


def _read_endpoint(table: Table) -> Endpoint:
    method, path = table.text("method", ANY_METHOD), table.text("path", ANY_PATH)
    if method.upper() not in _METHODS:
        table.refuse("method", found=repr(method), expected=f"one of {', '.join(_METHODS)}")
    if path != ANY_PATH and not path.startswith("/"):
        table.refuse("path", found=repr(path), expected="a pattern that starts with '/', or **")
    return Endpoint(method=method.upper(), path=path)


def _read_access(table: Table, instance: str, groups: Collection[str]) -> AccessRight:
    def read_subject(text: str) -> SubjectId:
        return _parse_subject(text, instance=instance)

    unknown: SubjectId = UNKNOWN_CLIENT
    subject = table.converted("subject", read_subject, expected=_SUBJECT, default=unknown)
    if isinstance(subject, LocalGroupId) and subject.group_code not in groups:
        table.refuse("subject", found=f"local:{subject.group_code}", expected="a group under [[client.group]]")
    right = AccessRight(subject=subject, endpoint=_read_endpoint(table))
    table.close()
    return right


def _parse_subject(text: str, *, instance: str) -> SubjectId:
    kind, mark, code = text.partition(":")
    if not mark:
        return parse_client(text)
    if kind == "local":
        return LocalGroupId(code)
    if kind != "group":
        raise ValueError("no kind of subject")
    owner, slash, name = code.partition("/")
    return GlobalGroupId(owner, name) if slash else GlobalGroupId(instance, code)
