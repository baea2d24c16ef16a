"""The questions that judging a signature asks of the global configuration."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.names import CanonicalName


class KnownAuthority(Protocol):
    """An approved certification authority."""

    @property
    def certificate(self) -> Certificate:
        """Its certificate, top or intermediate."""

    @property
    def responder_certificates(self) -> tuple[Certificate, ...]:
        """Certificates its OCSP responders may sign with."""

    @property
    def certificate_profile_info(self) -> str:
        """Name of the rule that turns a subject into a member."""


class TrustSource(Protocol):
    """Whom to trust; ``globalconf.GlobalConfSet`` is one."""

    def find_ca(self, instance: str, issuer_name: CanonicalName) -> KnownAuthority | None:
        """The approved authority of an instance with that subject."""

    def ca_certificates(self, instance: str | None = None) -> tuple[Certificate, ...]:
        """Every approved CA certificate of an instance, of all where none is named."""

    def tsa_certificates(self, instance: str | None = None) -> tuple[Certificate, ...]:
        """Certificates of approved time-stamping authorities."""

    def ocsp_freshness(self) -> timedelta:
        """Greatest age of an OCSP answer."""

    def verify_next_update(self) -> bool:
        """Whether nextUpdate of OCSP answers counts."""
