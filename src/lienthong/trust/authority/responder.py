"""The OCSP responder and the CRL of one CA: answers signed ahead and handed out until they are stale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from lienthong.trust.authority.records import IssuedRecord, Records
from lienthong.trust.authority.settings import AuthoritySettings
from lienthong.trust.certificates import Certificate, RevokedEntry, issue_crl
from lienthong.trust.keys import SigningKey
from lienthong.trust.ocsp import CertStatus, Status, issue_response


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationAuthority:
    """One CA with the key and certificate of its responder."""

    name: str
    """``root`` or ``issuing``."""
    certificate: Certificate
    """The CA's own."""
    key: SigningKey = field(repr=False)
    """The CA's own."""
    responder: Certificate
    """Issued by this CA with EKU OCSPSigning."""
    responder_key: SigningKey = field(repr=False)
    """Of ``responder``."""


class StatusService:
    """What one CA says of its certificates. Source: RFC 6960; RFC 5019; RFC 5280 s.5."""

    def __init__(self, ca: CertificationAuthority, records: Records, settings: AuthoritySettings) -> None:
        self._ca = ca
        self._records = records
        self._settings = settings
        self._answers: dict[int, tuple[datetime, bytes]] = {}
        self._crl: tuple[datetime, bytes] | None = None

    def answer(self, serial: int, *, at: datetime) -> bytes:
        """An OCSP response about *serial*, DER: the one signed ahead while it is fresh."""
        kept = self._answers.get(serial)
        if kept is not None and kept[0] <= at < kept[0] + self._settings.ocsp_refresh:
            return kept[1]
        record = self._records.find(self._ca.name, serial)
        if record is None:
            return self._sign(serial, CertStatus(status=Status.UNKNOWN), at)
        return self._renew(record, at)

    def refresh(self, *, at: datetime) -> Iterator[int]:
        """Sign every answer that is half stale, one per step, so that a caller may do other things between."""
        for record in self._records.current(self._ca.name, at=at):
            serial = record.certificate.serial
            kept = self._answers.get(serial)
            if kept is None or at >= kept[0] + self._settings.ocsp_refresh / 2:
                # Read again: a revocation may have come in since the page was read.
                self._renew(self._records.find(self._ca.name, serial) or record, at)
                yield serial

    def revoke(self, serial: int, *, at: datetime, reason: str) -> None:
        """Revoke, and forget what was signed ahead. Raises AuthorityError where there is no such certificate."""
        self._records.revoke(self._ca.name, serial, at=at, reason=reason)
        self._answers.pop(serial, None)
        self._crl = None

    def crl(self, *, at: datetime) -> bytes:
        """The CRL, DER, issued anew when it is stale or something was revoked."""
        if self._crl is None or not self._crl[0] <= at < self._crl[0] + self._settings.crl_refresh:
            self._crl = (at, self._issue_crl(at))
        return self._crl[1]

    def _renew(self, record: IssuedRecord, at: datetime) -> bytes:
        status = CertStatus(status=Status.GOOD)
        if record.revoked_at is not None:
            status = CertStatus(status=Status.REVOKED, revoked_at=record.revoked_at, reason=record.reason)
        answer = self._sign(record.certificate.serial, status, at)
        self._answers[record.certificate.serial] = (at, answer)
        return answer

    def _sign(self, serial: int, status: CertStatus, at: datetime) -> bytes:
        return issue_response(
            serial,
            status,
            issuer=self._ca.certificate,
            responder=self._ca.responder,
            key=self._ca.responder_key,
            this_update=at,
            next_update=at + self._settings.ocsp_validity,
            by_name=self._settings.ocsp_by_name,
        )

    def _issue_crl(self, at: datetime) -> bytes:
        entries = [
            RevokedEntry(serial=record.certificate.serial, revoked_at=record.revoked_at, reason=record.reason)
            for record in self._records.revoked(self._ca.name, at=at)
            if record.revoked_at is not None
        ]
        return issue_crl(
            entries,
            issuer=self._ca.certificate,
            key=self._ca.key,
            number=self._records.next_crl_number(self._ca.name),
            this_update=at,
            next_update=at + self._settings.crl_validity,
        )
