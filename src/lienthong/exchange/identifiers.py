"""Identifiers of members, subsystems, services, servers and groups, in every encoding of the protocol.

Tuples, because every message looks many of them up: their hashes and comparisons are the interpreter's own. Equality is
exact and case-sensitive over all fields, and no two kinds have fields that could be equal;
:meth:`ClientId.is_same_member` is the one weaker relation. Source: message-path dossier s.1.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import ClassVar, NamedTuple, Self
from urllib.parse import quote, unquote_to_bytes

_SEGMENT = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*")
_UNESCAPED = "-._~!$'()*,;&=@:+"
"""What Guava's path-segment escaper leaves alone beside letters and digits. Source: message-path s.1.4."""


class IdentifierError(ValueError):
    """A text or field that is no identifier."""


def _require(**fields: str | None) -> None:
    for name, value in fields.items():
        if value is None or not value.strip():
            raise IdentifierError(f"{name} is missing or blank")


class _ClientIdFields(NamedTuple):
    instance: str
    member_class: str
    member_code: str
    subsystem_code: str | None = None


class ClientId(_ClientIdFields):
    """A member (no subsystem code) or one of its subsystems."""

    __slots__ = ()

    def __new__(cls, instance: str, member_class: str, member_code: str, subsystem_code: str | None = None) -> Self:
        """Refuse blank fields; raises IdentifierError."""
        _require(instance=instance, member_class=member_class, member_code=member_code)
        if subsystem_code is not None:
            _require(subsystem_code=subsystem_code)
        return super().__new__(cls, instance, member_class, member_code, subsystem_code)

    @property
    def object_type(self) -> str:
        """``SUBSYSTEM`` exactly when a subsystem code is given, else ``MEMBER``."""
        return "MEMBER" if self.subsystem_code is None else "SUBSYSTEM"

    @property
    def parts(self) -> tuple[str, ...]:
        """Fields in order, absent ones left out."""
        base = (self.instance, self.member_class, self.member_code)
        return base if self.subsystem_code is None else (*base, self.subsystem_code)

    @property
    def member(self) -> ClientId:
        """The member this client is or belongs to."""
        return self if self.subsystem_code is None else self._replace(subsystem_code=None)

    def is_same_member(self, other: ClientId) -> bool:
        """Whether both belong to one member, subsystems aside. Source: message-path s.4.6 step 5."""
        return self[:3] == other[:3]

    def __str__(self) -> str:
        return f"{self.object_type}:{'/'.join(self.parts)}"


class _ServiceIdFields(NamedTuple):
    client: ClientId
    service_code: str
    service_version: str | None = None


class ServiceId(_ServiceIdFields):
    """A service of a client."""

    __slots__ = ()
    object_type: ClassVar[str] = "SERVICE"

    def __new__(cls, client: ClientId, service_code: str, service_version: str | None = None) -> Self:
        """Refuse blank fields; raises IdentifierError."""
        _require(service_code=service_code)
        return super().__new__(cls, client, service_code, service_version)

    @property
    def parts(self) -> tuple[str, ...]:
        """Fields in order, absent ones left out."""
        tail = (self.service_code,) if self.service_version is None else (self.service_code, self.service_version)
        return (*self.client.parts, *tail)

    def __str__(self) -> str:
        return f"SERVICE:{'/'.join(self.parts)}"


class _SecurityServerIdFields(NamedTuple):
    owner: ClientId
    server_code: str


class SecurityServerId(_SecurityServerIdFields):
    """A security server: its owner and its code."""

    __slots__ = ()
    object_type: ClassVar[str] = "SERVER"

    def __new__(cls, owner: ClientId, server_code: str) -> Self:
        """Refuse blank fields; raises IdentifierError."""
        _require(server_code=server_code)
        if owner.subsystem_code is not None:
            raise IdentifierError("a security server is owned by a member, not a subsystem")
        return super().__new__(cls, owner, server_code)

    @property
    def parts(self) -> tuple[str, ...]:
        """Instance, class, code of the owner, server code."""
        return (*self.owner.parts, self.server_code)

    def __str__(self) -> str:
        return f"SERVER:{'/'.join(self.parts)}"


class _GlobalGroupIdFields(NamedTuple):
    instance: str
    group_code: str


class GlobalGroupId(_GlobalGroupIdFields):
    """A group kept by the central server of an instance."""

    __slots__ = ()
    object_type: ClassVar[str] = "GLOBALGROUP"

    def __new__(cls, instance: str, group_code: str) -> Self:
        """Refuse blank fields; raises IdentifierError."""
        _require(instance=instance, group_code=group_code)
        return super().__new__(cls, instance, group_code)

    @property
    def parts(self) -> tuple[str, ...]:
        """Instance and group code."""
        return (self.instance, self.group_code)

    def __str__(self) -> str:
        return f"GLOBALGROUP:{'/'.join(self.parts)}"


class _LocalGroupIdFields(NamedTuple):
    group_code: str


class LocalGroupId(_LocalGroupIdFields):
    """A group of clients known only to one provider client."""

    __slots__ = ()
    object_type: ClassVar[str] = "LOCALGROUP"

    def __new__(cls, group_code: str) -> Self:
        """Refuse blank fields; raises IdentifierError."""
        _require(group_code=group_code)
        return super().__new__(cls, group_code)

    @property
    def parts(self) -> tuple[str, ...]:
        """The group code alone."""
        return (self.group_code,)

    def __str__(self) -> str:
        return f"LOCALGROUP:{self.group_code}"


Identifier = ClientId | ServiceId | SecurityServerId | GlobalGroupId | LocalGroupId
SubjectId = ClientId | GlobalGroupId | LocalGroupId
"""Who may be given an access right."""


def short_form(identifier: Identifier) -> str:
    """Parts joined by ``/`` with no type and no escaping, as evidence reports print signers."""
    return "/".join(identifier.parts)


def decode_segment(segment: str) -> str:
    """Percent-decode one path segment as UTF-8; raises IdentifierError. Source: message-path s.1.4."""
    if not _SEGMENT.fullmatch(segment):
        raise IdentifierError(f"{segment!r} holds a character that must be percent-encoded")
    try:
        return unquote_to_bytes(segment).decode("utf-8")
    except UnicodeDecodeError as exc:
        raise IdentifierError(f"{segment!r} is not UTF-8 when decoded") from exc


@lru_cache(maxsize=4096)
def encode_path(identifier: Identifier) -> str:
    """Parts percent-encoded and joined by ``/``, as in ``x-road-client`` and ``x-road-service`` headers."""
    return "/".join(quote(part, safe=_UNESCAPED) for part in identifier.parts)


def decode_client(text: str) -> ClientId:
    """Read an ``X-Road-Client`` value: 3 or 4 segments."""
    parts = _decode(text, allowed=(3, 4), what="client")
    return ClientId(*parts)


def decode_server(text: str) -> SecurityServerId:
    """Read an ``X-Road-Security-Server`` value: exactly 4 segments."""
    parts = _decode(text, allowed=(4,), what="security server")
    return SecurityServerId(ClientId(*parts[:3]), parts[3])


def decode_service(text: str) -> ServiceId:
    """Read an ``x-road-service`` value: exactly 5 segments."""
    parts = _decode(text, allowed=(5,), what="service")
    return ServiceId(ClientId(*parts[:4]), parts[4])


def parse_client(text: str, *, separator: str = "/") -> ClientId:
    """Read a client id written without escaping, as settings files (``/``) and management interfaces (``:``) do."""
    parts = text.split(separator)
    if len(parts) not in {3, 4}:
        raise IdentifierError(f"{text!r} is not INSTANCE{separator}CLASS{separator}CODE[{separator}SUBSYSTEM]")
    return ClientId(*parts)


def parse_server(text: str, *, separator: str = "/") -> SecurityServerId:
    """Read a security server id written without escaping."""
    parts = text.split(separator)
    if len(parts) != 4:
        raise IdentifierError(f"{text!r} is not INSTANCE{separator}CLASS{separator}CODE{separator}SERVER")
    return SecurityServerId(ClientId(*parts[:3]), parts[3])


def parse_service(text: str) -> ServiceId:
    """Read ``INSTANCE/CLASS/CODE[/SUBSYSTEM]/SERVICE``, or with a subsystem ``…/SERVICE/VERSION``, without escaping."""
    parts = text.split("/")
    if len(parts) == 6:
        return ServiceId(ClientId(*parts[:4]), *parts[4:])
    if len(parts) not in {4, 5}:
        raise IdentifierError(f"{text!r} is not INSTANCE/CLASS/CODE[/SUBSYSTEM]/SERVICE[/VERSION]")
    return ServiceId(ClientId(*parts[:-1]), parts[-1])


def _decode(text: str, *, allowed: tuple[int, ...], what: str) -> list[str]:
    segments = text.split("/")
    if len(segments) not in allowed:
        expected = " or ".join(map(str, allowed))
        raise IdentifierError(f"a {what} id has {expected} parts separated by '/', not {len(segments)}")
    return [decode_segment(segment) for segment in segments]
