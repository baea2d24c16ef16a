"""Who may call what: existence, then type, then path and access, then the disabled notice.

The order keeps a caller without rights from learning that a service is disabled. Rules are prepared once per settings;
a message costs dictionary look-ups and, for rights on single endpoints, prepared expressions. Source: message-path s.6.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

import msgspec

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, GlobalGroupId, ServiceId, SubjectId
from lienthong.exchange.serverconf.paths import PathRefusedError, compile_pattern, fits, normalise_path
from lienthong.exchange.serverconf.settings import (
    ANY_METHOD,
    Client,
    Endpoint,
    Service,
    ServiceType,
    Settings,
)

GroupLookup = Callable[[ClientId, GlobalGroupId], bool]
"""Whether the global configuration lists a client in a global group."""

RESERVED_SERVICES = frozenset(
    {
        "listMethods",
        "allowedMethods",
        "getWsdl",
        "getOpenAPI",
        "getSecurityServerMetrics",
        "getSecurityServerOperationalData",
        "getSecurityServerHealthData",
    }
)
"""Codes of metaservices, which need no right and which no service may bear."""


class Interface(Enum):
    """Which protocol a call uses."""

    REST = "REST"
    SOAP = "SOAP"


class Call(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A call as the provider's server sees it."""

    client: ClientId
    service: ServiceId
    interface: Interface = Interface.REST
    method: str = ANY_METHOD
    """HTTP method of a REST call."""
    path: str = ""
    """Raw, still encoded service path of a REST call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRule:
    """A right on one endpoint, ready to be matched."""

    method: str
    path: re.Pattern[str]
    clients: frozenset[ClientId]
    groups: tuple[GlobalGroupId, ...]

    def admits(self, call: Call, path: str, in_group: GroupLookup) -> bool:
        """Whether this rule lets *call*, with its normalised *path*, pass."""
        return (
            self.method in {ANY_METHOD, call.method.upper()}
            and (call.client in self.clients or any(in_group(call.client, group) for group in self.groups))
            and fits(self.path, path)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRules:
    """One service with the rights on it, ready to be matched."""

    service: Service
    whole: EndpointRule
    """Rights on the whole service."""
    endpoints: tuple[EndpointRule, ...]
    """Rights on single endpoints."""


class AccessRules:
    """Every service of one security server with its rights, by service id."""

    __slots__ = ("_services",)

    def __init__(self, services: Mapping[ServiceId, ServiceRules]) -> None:
        self._services = dict(services)

    @classmethod
    def prepare(cls, settings: Settings) -> AccessRules:
        """Compile the rights of *settings* once."""
        return cls(
            {
                ServiceId(client.id, service.code, service.version): _prepare_service(client, service)
                for client in settings.clients
                for service in client.services
            }
        )

    def find(self, service: ServiceId) -> ServiceRules | None:
        """The rules of one service, ``None`` for an unknown one."""
        return self._services.get(service)

    def services_of(self, client: ClientId) -> tuple[ServiceRules, ...]:
        """The services one client provides, in the order of the settings."""
        return tuple(rules for service, rules in self._services.items() if service.client == client)

    def is_allowed_somewhere(self, client: ClientId, service: ServiceId, in_group: GroupLookup) -> bool:
        """Whether *client* has a right on *service* or any of its endpoints (``allowedMethods``)."""
        rules = self._services.get(service)
        if rules is None:
            return False
        every = (rules.whole, *rules.endpoints)
        return any(client in rule.clients or any(in_group(client, group) for group in rule.groups) for rule in every)

    def allowed_endpoints(self, client: ClientId, service: ServiceId, in_group: GroupLookup) -> tuple[Endpoint, ...]:
        """The listed endpoints of *service* that *client* may call. Source: message-path s.7.4."""
        rules = self._services.get(service)
        if rules is None:
            return ()
        return tuple(
            endpoint
            for endpoint in rules.service.endpoints
            if _is_admitted(
                rules, Call(client=client, service=service, method=endpoint.method), endpoint.path, in_group
            )
        )


def decide_access(rules: AccessRules, call: Call, *, in_group: GroupLookup) -> Fault | None:
    """Refuse a call that no right covers.

    Returns:
        ``None`` to let the call pass, or a fault without prefix (the caller adds ``server.serverproxy``).
    """
    found = rules.find(call.service)
    if found is None:
        return Fault("unknown_service", f"Unknown service: {call.service}")
    return (
        _judge_type(found.service, call.interface)
        or _judge_right(found, call, in_group)
        or _judge_disabled(found.service, call.service)
    )


def _judge_type(service: Service, interface: Interface) -> Fault | None:
    offered = Interface.SOAP if service.type is ServiceType.WSDL else Interface.REST
    if offered is interface:
        return None
    message = f"Service is a {offered.value} service and cannot be called using {interface.value} interface"
    return Fault("service_type", message)


def _judge_right(rules: ServiceRules, call: Call, in_group: GroupLookup) -> Fault | None:
    try:
        path = normalise_path(call.path)
    except PathRefusedError as exc:
        return Fault("access_denied", f"Request is not allowed: {call.service}: {exc}")
    if _is_admitted(rules, call, path, in_group):
        return None
    return Fault("access_denied", f"Request is not allowed: {call.service}")


def _is_admitted(rules: ServiceRules, call: Call, path: str, in_group: GroupLookup) -> bool:
    if rules.whole.admits(call, path, in_group):
        return True
    return call.interface is Interface.REST and any(rule.admits(call, path, in_group) for rule in rules.endpoints)


def _judge_disabled(service: Service, service_id: ServiceId) -> Fault | None:
    if not service.disabled:
        return None
    return Fault("service_disabled", f"Service {service_id} is disabled: {service.notice}")


def _prepare_service(client: Client, service: Service) -> ServiceRules:
    whole = Endpoint()
    subjects: dict[Endpoint, list[SubjectId]] = {whole: []}
    for right in service.access:
        subjects.setdefault(right.endpoint, []).append(right.subject)
    rules = {endpoint: _prepare_rule(client, endpoint, listed) for endpoint, listed in subjects.items()}
    return ServiceRules(service=service, whole=rules.pop(whole), endpoints=tuple(rules.values()))


def _prepare_rule(client: Client, endpoint: Endpoint, subjects: list[SubjectId]) -> EndpointRule:
    members: set[ClientId] = set()
    groups: list[GlobalGroupId] = []
    for subject in subjects:
        if isinstance(subject, ClientId):
            members.add(subject)
        elif isinstance(subject, GlobalGroupId):
            groups.append(subject)
        else:
            members.update(*(group.members for group in client.groups if group.code == subject.group_code))
    return EndpointRule(
        method=endpoint.method.upper(),
        path=compile_pattern(endpoint.path),
        clients=frozenset(members),
        groups=tuple(groups),
    )
