"""Which security servers a message may be sent to. Source: message-path dossier s.3.2."""

from __future__ import annotations

from collections.abc import Sequence

from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.identifiers import SecurityServerId, ServiceId


def select_addresses(
    globalconf: GlobalConfSet, service: ServiceId, target: SecurityServerId | None = None
) -> tuple[str, ...]:
    """Addresses of the servers that may answer for *service*, in no particular order.

    Args:
        target: The one server the consumer asked for (``X-Road-Security-Server``), if any.
    Raises:
        Fault: ``unknown_member``, ``invalid_security_server``, ``maintenance_mode``, or ``internal_error`` when the
            instance is not known here.
    """
    instance = service.client.instance
    if instance not in globalconf.instances:
        raise Fault("internal_error", f"Shared params for instance identifier {instance} not found")
    servers = globalconf.addresses_of(service.client)
    if not servers:
        raise Fault("unknown_member", f'Could not find addresses for service provider "{service}"')
    if target is not None:
        servers = _only(globalconf, servers, target)
    return _in_service(globalconf, servers)


def _only(
    globalconf: GlobalConfSet, servers: Sequence[tuple[SecurityServerId, str]], target: SecurityServerId
) -> tuple[tuple[SecurityServerId, str], ...]:
    if not globalconf.server_exists(target):
        raise Fault("invalid_security_server", f'Could not find security server "{target}"')
    chosen = tuple(pair for pair in servers if pair[0] == target)
    if not chosen:
        raise Fault("invalid_security_server", f'Invalid security server "{target}": it does not serve the provider')
    return chosen


def _in_service(globalconf: GlobalConfSet, servers: Sequence[tuple[SecurityServerId, str]]) -> tuple[str, ...]:
    up = tuple(address for server, address in servers if globalconf.maintenance_of(server) is None)
    if up:
        return up
    notices = [_notice(globalconf, server, address) for server, address in servers]
    raise Fault("maintenance_mode", " ".join(notices))


def _notice(globalconf: GlobalConfSet, server: SecurityServerId, address: str) -> str:
    maintenance = globalconf.maintenance_of(server)
    text = f'Security server with address "{address}" is in maintenance mode.'
    if maintenance is None or not maintenance.message:
        return text
    return f'{text} Message from "{address}" administrator: {maintenance.message}'
