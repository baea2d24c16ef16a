"""Questions every message asks of the configurations, answered from dictionaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lienthong.exchange.errors import ConfigurationError
from lienthong.exchange.globalconf.index import InstanceIndex, KnownCa
from lienthong.exchange.globalconf.model import ApprovedTsa, GlobalConf, MaintenanceMode
from lienthong.exchange.identifiers import ClientId, GlobalGroupId, SecurityServerId
from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.names import CanonicalName

_NO_INSTANCE = InstanceIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalConfSet:
    """The own instance's configuration and those of federated ones.

    An unknown instance is one without members: look-ups answer "nobody", they do not raise.
    """

    local_instance: str
    """Identifier of the own instance."""
    instances: Mapping[str, GlobalConf]
    """By instance identifier."""
    indexes: Mapping[str, InstanceIndex] = field(repr=False, compare=False)
    """By instance identifier; made by :meth:`of`."""

    @classmethod
    def of(cls, local_instance: str, configurations: Iterable[GlobalConf]) -> GlobalConfSet:
        """Index *configurations* once; later look-ups cost a dictionary access."""
        instances = {conf.instance: conf for conf in configurations}
        indexes = {name: InstanceIndex.of(conf) for name, conf in instances.items()}
        return cls(local_instance=local_instance, instances=instances, indexes=indexes)

    @property
    def local(self) -> GlobalConf:
        """The own instance's configuration; raises ConfigurationError where there is none."""
        try:
            return self.instances[self.local_instance]
        except KeyError:
            raise ConfigurationError(f"no global configuration of instance {self.local_instance!r}") from None

    def is_expired(self, at: datetime) -> bool:
        """Whether everything must stop: the own instance's configuration is missing or past. Source: s.1.7."""
        own = self.instances.get(self.local_instance)
        return own is None or own.private is None or own.is_expired(at)

    def without_expired(self, at: datetime) -> GlobalConfSet:
        """The set without federated instances that are past: their members become unknown. Source: s.1.7."""
        alive = {n: c for n, c in self.instances.items() if n == self.local_instance or not c.is_expired(at)}
        if len(alive) == len(self.instances):
            return self
        indexes = {name: self.indexes[name] for name in alive}
        return GlobalConfSet(local_instance=self.local_instance, instances=alive, indexes=indexes)

    def addresses_of(self, client: ClientId) -> tuple[tuple[SecurityServerId, str], ...]:
        """(server, address) of every server that lists *client* or is owned by it, in the order written."""
        return self._index(client.instance).addresses.get(client, ())

    def address_of_server(self, server: SecurityServerId) -> str | None:
        """Registered address of a server, or None where the server or its address is unknown."""
        found = self._index(server.owner.instance).servers.get(server)
        return None if found is None else found.address

    def server_exists(self, server: SecurityServerId) -> bool:
        """Whether the server is registered."""
        return server in self._index(server.owner.instance).servers

    def maintenance_of(self, server: SecurityServerId) -> MaintenanceMode | None:
        """The server's maintenance mode; None in ordinary service."""
        found = self._index(server.owner.instance).servers.get(server)
        return None if found is None else found.maintenance

    def server_by_auth_certificate(self, certificate: Certificate) -> SecurityServerId | None:
        """The server that registered this authentication certificate, hashed as its instance's version says."""
        for index in self.indexes.values():
            server = index.server_by_hash.get(certificate.hash(index.hash_algorithm).value)
            if server is not None:
                return server
        return None

    def knows_auth_certificate(self, der: bytes) -> bool:
        """Whether any server registered this authentication certificate; nothing of it is parsed."""
        return any(index.hash_algorithm.digest(der).value in index.server_by_hash for index in self.indexes.values())

    def server_lists_client(self, server: SecurityServerId, client: ClientId) -> bool:
        """Whether *client*, exactly, is registered at the server; its owner counts as registered."""
        return client in self._index(server.owner.instance).clients.get(server, frozenset())

    def clients_of(self, server: SecurityServerId) -> frozenset[ClientId]:
        """Everyone registered at the server, its owner included."""
        return self._index(server.owner.instance).clients.get(server, frozenset())

    def find_ca(self, instance: str, issuer_name: CanonicalName) -> KnownCa | None:
        """The top or intermediate certificate with that subject (``certificate.canonical_issuer``), or None."""
        return self._index(instance).ca_by_subject.get(issuer_name)

    def ca_certificates(self, instance: str | None = None) -> tuple[Certificate, ...]:
        """Every approved CA certificate, top ones first; of all instances where none is named."""
        if instance is not None:
            return self._index(instance).ca_certificates
        return tuple(certificate for index in self.indexes.values() for certificate in index.ca_certificates)

    def top_certificates(self, instance: str) -> tuple[Certificate, ...]:
        """Trust anchors of an instance."""
        return self._index(instance).top_certificates

    def tsas(self, instance: str | None = None) -> tuple[ApprovedTsa, ...]:
        """Approved time-stamping authorities; of the own instance where none is named."""
        conf = self.instances.get(instance or self.local_instance)
        return () if conf is None else conf.shared.approved_tsas

    def tsa_certificates(self, instance: str | None = None) -> tuple[Certificate, ...]:
        """Certificates of approved time-stamping authorities; of all instances where none is named."""
        if instance is not None:
            return self._index(instance).tsa_certificates
        return tuple(certificate for index in self.indexes.values() for certificate in index.tsa_certificates)

    def in_group(self, client: ClientId, group: GlobalGroupId) -> bool:
        """Whether *client*, exactly, is in the group of the instance that the group id names. Source: s.1.8."""
        return client in self._index(group.instance).groups.get(group.group_code, frozenset())

    def is_registered(self, client: ClientId) -> bool:
        """Whether the member or subsystem exists."""
        return client in self._index(client.instance).names

    def subsystems(self, instance: str | None = None) -> tuple[ClientId, ...]:
        """Every subsystem of an instance (the own one where none is named), in the order written."""
        return self._index(instance or self.local_instance).subsystems

    def members(self, instance: str | None = None) -> tuple[ClientId, ...]:
        """Every member of an instance (the own one where none is named), in the order written."""
        conf = self.instances.get(instance or self.local_instance)
        return () if conf is None else tuple(member.id for member in conf.shared.members)

    def member_name(self, client: ClientId) -> str | None:
        """Official name of the member that *client* is or belongs to."""
        return self._index(client.instance).names.get(client.member)

    def subsystem_name(self, client: ClientId) -> str | None:
        """Name of a subsystem; None before version 5."""
        return self._index(client.instance).names.get(client)

    def ocsp_freshness(self) -> timedelta:
        """Greatest age of an OCSP answer: always the own instance's rule. Source: s.1.8."""
        return self.local.shared.ocsp_freshness

    def verify_next_update(self) -> bool:
        """Whether nextUpdate of OCSP answers counts here."""
        return self.local.verify_next_update

    def _index(self, instance: str) -> InstanceIndex:
        return self.indexes.get(instance, _NO_INSTANCE)
