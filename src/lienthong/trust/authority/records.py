"""What the authority has issued and revoked, in SQLite; survives a restart."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import AuthorityError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS issued (
    ca TEXT NOT NULL,
    serial TEXT NOT NULL,
    profile TEXT NOT NULL,
    not_after TEXT NOT NULL,
    certificate BLOB NOT NULL,
    revoked_at TEXT,
    reason TEXT,
    PRIMARY KEY (ca, serial)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS crl_number (ca TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedRecord:
    """One certificate that a CA of this authority issued."""

    ca: str
    """``root`` or ``issuing``."""
    profile: str
    """Name of its profile."""
    certificate: Certificate = field(repr=False)
    """As issued."""
    revoked_at: datetime | None = None
    """Aware UTC; None while it stands."""
    reason: str = "unspecified"
    """RFC 5280 name."""


class Records:
    """The authority's book of certificates."""

    def __init__(self, path: Path, *, page_size: int = 500) -> None:
        self._page_size = page_size
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def add(self, record: IssuedRecord) -> None:
        """Enter a certificate; raises AuthorityError where its serial number was used before."""
        certificate = record.certificate
        row = (record.ca, _hex(certificate.serial), record.profile, _text(certificate.not_after), certificate.der)
        try:
            self._connection.execute(
                "INSERT INTO issued (ca, serial, profile, not_after, certificate) VALUES (?, ?, ?, ?, ?)", row
            )
        except sqlite3.IntegrityError as exc:
            raise AuthorityError("serial number was used before") from exc

    def find(self, ca: str, serial: int) -> IssuedRecord | None:
        """The certificate of that serial number, or None."""
        rows = self._select("WHERE ca = ? AND serial = ?", (ca, _hex(serial)))
        return next(rows, None)

    def revoke(self, ca: str, serial: int, *, at: datetime, reason: str) -> None:
        """Enter a revocation; the first one stands. Raises AuthorityError where there is no such certificate."""
        if self.find(ca, serial) is None:
            raise AuthorityError(f"no certificate {_hex(serial)} of {ca}")
        self._connection.execute(
            "UPDATE issued SET revoked_at = ?, reason = ? WHERE ca = ? AND serial = ? AND revoked_at IS NULL",
            (_text(at), reason, ca, _hex(serial)),
        )

    def revoked(self, ca: str, *, at: datetime) -> Iterator[IssuedRecord]:
        """Revoked certificates of a CA that have not run out."""
        return self._select("WHERE ca = ? AND revoked_at IS NOT NULL AND not_after >= ?", (ca, _text(at)))

    def current(self, ca: str, *, at: datetime) -> Iterator[IssuedRecord]:
        """Certificates of a CA that have not run out, read page by page so that others may write between."""
        last = ""
        while True:
            condition = "WHERE ca = ? AND serial > ? AND not_after >= ? ORDER BY serial LIMIT ?"
            page = list(self._select(condition, (ca, last, _text(at), self._page_size)))
            yield from page
            if len(page) < self._page_size:
                return
            last = _hex(page[-1].certificate.serial)

    def next_crl_number(self, ca: str) -> int:
        """Count up and say the number of the next CRL."""
        statement = (
            "INSERT INTO crl_number (ca, number) VALUES (?, 1)"
            " ON CONFLICT (ca) DO UPDATE SET number = number + 1 RETURNING number"
        )
        with closing(self._connection.execute(statement, (ca,))) as cursor:
            return int(cursor.fetchone()[0])

    def _select(self, condition: str, values: tuple[object, ...]) -> Iterator[IssuedRecord]:
        # The condition is one of this module's literals; every value is bound.
        statement = f"SELECT ca, profile, certificate, revoked_at, reason FROM issued {condition}"  # noqa: S608
        with closing(self._connection.execute(statement, values)) as cursor:
            rows = cursor.fetchall()
        for ca, profile, der, revoked_at, reason in rows:
            yield IssuedRecord(
                ca=ca,
                profile=profile,
                certificate=Certificate.from_der(der),
                revoked_at=None if revoked_at is None else datetime.fromisoformat(revoked_at),
                reason=reason or "unspecified",
            )


def _hex(serial: int) -> str:
    return f"{serial:040x}"


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(microsecond=0).isoformat()
