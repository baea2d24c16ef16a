"""What a security server knows at one moment: settings, global configuration, keys and their OCSP answers.

A snapshot is never changed; a reload puts a new one in its place, and a message lives with the one it began with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.security.signer import SigningIdentity
from lienthong.exchange.serverconf.access import AccessRules
from lienthong.exchange.serverconf.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationIdentity:
    """What this server shows to other security servers."""

    chain_der: tuple[bytes, ...]
    """Authentication certificate, then intermediates, without the root."""
    ocsp_responses: tuple[bytes, ...]
    """DER, one for each certificate of the chain, in its order."""
    usable_until: datetime
    """When the first of certificate validity and OCSP freshness ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsableSigner:
    """A signing identity and how long its evidence is good."""

    identity: SigningIdentity
    usable_until: datetime
    """When the first of certificate validity and OCSP freshness ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One consistent state of a security server."""

    settings: Settings
    access: AccessRules
    globalconf: GlobalConfSet
    authentication: AuthenticationIdentity | None = None
    """None while the key, its certificate or its OCSP answer is missing or not good."""
    signers: Mapping[ClientId, UsableSigner] = field(default_factory=dict)
    """By member; those that cannot sign now are absent."""
    signer_problems: Mapping[ClientId, str] = field(default_factory=dict)
    """Why a member's key cannot sign now, in English."""
    authentication_problem: str = ""
    """Why there is no authentication identity, in English."""
    ocsp_responses: Mapping[bytes, bytes] = field(default_factory=dict)
    """OCSP answers at hand, DER, by SHA-1 of the certificate."""
    system_certificates: Mapping[ClientId, frozenset[bytes]] = field(default_factory=dict)
    """Registered certificates of information systems, DER, by client."""
    internal_certificate: bytes | None = None
    """DER of the certificate shown to information systems."""

    def require_configuration(self, now: datetime) -> None:
        """Raise ``global_conf_outdated`` when the global configuration is past. Source: governance s.1.7."""
        if self.globalconf.is_expired(now):
            raise Fault("global_conf_outdated", "Global configuration is expired")

    def require_authentication(self, now: datetime) -> AuthenticationIdentity:
        """The identity for TLS, or ``ssl_authentication_failed``; the cause is for our own operators only.

        Source: message-path s.3.2 step 0; recordings ``states/consumer-*``.
        """
        identity = self.authentication
        if identity is None or self.authentication_cause(now):
            raise Fault("ssl_authentication_failed", "Security server has no authentication certificate")
        return identity

    def authentication_cause(self, now: datetime) -> str:
        """Why there is no identity for TLS now, in English; empty where there is one."""
        if self.authentication is None:
            return self.authentication_problem or "there is no key"
        return "its OCSP answer is too old" if self.authentication.usable_until < now else ""

    def require_signer(self, client: ClientId, now: datetime) -> SigningIdentity:
        """The identity that signs for *client*'s member, or ``internal_error`` as the protocol has it."""
        signer = self.signers.get(client.member)
        if signer is None or signer.usable_until < now:
            cause = self.signer_problems.get(client.member, "its OCSP answer is too old")
            raise Fault("internal_error", f"Member '{client}' has no suitable certificates: {cause}")
        return signer.identity


CurrentSnapshot = Callable[[], Snapshot]
"""Gives the snapshot in force."""
