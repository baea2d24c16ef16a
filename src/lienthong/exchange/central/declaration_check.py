"""What a declaration must say as a whole: names are unique, and whoever is named exists. Source: s.2.3."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import NamedTuple, Protocol

from lienthong.exchange.central.registry import Registry
from lienthong.exchange.globalconf.model import OWNERS_GROUP
from lienthong.exchange.identifiers import ClientId, short_form

Path = tuple[str | int, ...]


class NoteProblem(Protocol):
    """Takes one problem at a place of the file."""

    def __call__(self, path: Path, *, found: str, expected: str) -> None:
        """Note it."""


class _Problem(NamedTuple):
    path: Path
    found: str
    expected: str


def check_registry(registry: Registry, note: NoteProblem) -> None:
    """Note everything in which a readable declaration contradicts itself."""
    for check in (_repeated, _foreign, _unregistered_servers, _unknown_group_members, _management):
        for problem in check(registry):
            note(problem.path, found=problem.found, expected=problem.expected)


def registered_clients(registry: Registry) -> frozenset[ClientId]:
    """Every member and subsystem."""
    members = {member.id for member in registry.members}
    return frozenset(members | {m.subsystem_id(s) for m in registry.members for s in m.subsystems})


def _repeated(registry: Registry) -> Iterator[_Problem]:
    subsystems = [(m.subsystem_id(s), i) for i, m in enumerate(registry.members) for s in m.subsystems]
    certificates = [(der, i) for i, server in enumerate(registry.servers) for der in server.auth_certificates]
    yield from _twice(enumerate(c.code for c in registry.member_classes), "member_class", "code", str)
    yield from _twice(enumerate(m.id for m in registry.members), "member", "id", short_form)
    yield from _twice(((i, client) for client, i in subsystems), "member", "subsystem", short_form)
    yield from _twice(enumerate(s.id for s in registry.servers), "server", "id", short_form)
    yield from _twice(((i, der) for der, i in certificates), "server", "auth_certificates", lambda _: "a certificate")
    yield from _twice(enumerate(g.code for g in registry.groups), "group", "code", str)
    yield from _twice(enumerate(ca.name for ca in registry.approved_cas), "ca", "name", str)
    yield from _twice(enumerate(tsa.name for tsa in registry.approved_tsas), "tsa", "name", str)
    for i, group in enumerate(registry.groups):
        if group.code == OWNERS_GROUP:
            yield _Problem(("group", i, "code"), OWNERS_GROUP, "another code: this group follows from the servers")
    for i, server in enumerate(registry.servers):
        for client in set(server.clients) & set(server.disabled_clients):
            yield _Problem(
                ("server", i, "disabled_clients"), short_form(client), "clients that are not among clients too"
            )


def _twice(
    entries: Iterable[tuple[int, Hashable]], table: str, key: str, show: Callable[..., str]
) -> Iterator[_Problem]:
    listed = list(entries)
    counts = Counter(value for _, value in listed)
    seen: set[Hashable] = set()
    for index, value in listed:
        if counts[value] > 1 and value in seen:
            yield _Problem((table, index, key), f"{show(value)} a second time", "every one once")
        seen.add(value)


def _foreign(registry: Registry) -> Iterator[_Problem]:
    expected = f"an id that starts with {registry.instance}/"
    for i, member in enumerate(registry.members):
        if member.id.instance != registry.instance:
            yield _Problem(("member", i, "id"), short_form(member.id), expected)
    for i, anchor in enumerate(registry.trusted_anchors):
        if anchor.instance == registry.instance:
            yield _Problem(("trusted_anchors",), f"anchor {i + 1} of {anchor.instance}", "anchors of other instances")


def _unregistered_servers(registry: Registry) -> Iterator[_Problem]:
    known = registered_clients(registry)
    for i, server in enumerate(registry.servers):
        if server.id.owner not in known:
            yield _Problem(("server", i, "id"), short_form(server.id), "an owner declared under [[member]]")
        listed = [("clients", each) for each in server.clients]
        listed += [("disabled_clients", each) for each in server.disabled_clients]
        for key, client in listed:
            if client not in known:
                yield _Problem(("server", i, key), short_form(client), "members or subsystems under [[member]]")


def _unknown_group_members(registry: Registry) -> Iterator[_Problem]:
    known = registered_clients(registry)
    for i, group in enumerate(registry.groups):
        for client in group.members:
            if client.instance == registry.instance and client not in known:
                yield _Problem(("group", i, "members"), short_form(client), "members or subsystems under [[member]]")


def _management(registry: Registry) -> Iterator[_Problem]:
    service = registry.management
    if service is not None and service.provider not in registered_clients(registry):
        yield _Problem(("management", "provider"), short_form(service.provider), "a client under [[member]]")
