"""The verdict on one signature, as a value that every caller shows in its own way.

Source: ETSI EN 319 102-1 s.5.1.3 (status indications).
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from lienthong.trust.algorithms import Digest
from lienthong.trust.certificates import Certificate


class Indication(Enum):
    """ETSI's main status of a validation."""

    TOTAL_PASSED = "TOTAL-PASSED"
    """Everything holds."""
    TOTAL_FAILED = "TOTAL-FAILED"
    """Something is false, and nothing more could change that."""
    INDETERMINATE = "INDETERMINATE"
    """Evidence is missing or does not fit; more might change it."""


class TimestampKind(Enum):
    """How a timestamp reaches the signature."""

    SINGLE = "single"
    """The token stamps this signature's value."""
    BATCH = "batch"
    """The token stamps the top of a hash tree over many signatures."""


class PartState(Enum):
    """What is known of a signed data object."""

    VERIFIED = "verified"
    """At hand, and what was signed."""
    ABSENT = "absent"
    """Signed, but not at hand: only its digest is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeEvidence:
    """Proof that the signature existed at an instant."""

    gen_time: datetime
    """Aware UTC."""
    authority: str
    """Subject of the time-stamping authority's certificate, RFC 2253."""
    kind: TimestampKind
    """Single or batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationEvidence:
    """What an OCSP answer said of one certificate of the path."""

    subject: str
    """Of the certificate asked about, RFC 2253."""
    responder: str
    """Subject of the responder's certificate, RFC 2253; empty where nobody known answered."""
    produced_at: datetime | None
    """Aware UTC."""
    status: str
    """``GOOD``, ``REVOKED``, ``UNKNOWN``, or empty where the answer proves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedPart:
    """One signed data object."""

    name: str
    """``/message.xml``, ``/attachment1``."""
    digest: Digest
    """Digest that the signature or its hash chain covers."""
    state: PartState
    """Whether the object was at hand and compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReport:
    """The verdict on one signature: báo cáo kiểm tra chữ ký số."""

    fault_code: str | None = None
    """None where everything holds; else in X-Road 7.8 spelling, without origin."""
    detail: str = ""
    """Why not, in English."""
    policy: str = ""
    """Name of the algorithm policy that judged."""
    signer: str | None = None
    """Who is said to have signed: ``DEV/COM/4321/SUB``."""
    certificate: Certificate | None = None
    """The signing certificate."""
    chain: tuple[Certificate, ...] = ()
    """Path from the signing certificate to the trust anchor."""
    revocation: tuple[RevocationEvidence, ...] = ()
    """One per certificate of the path that was asked about."""
    signed_at: datetime | None = None
    """What the signer claims, aware UTC."""
    time: TimeEvidence | None = None
    """None where no timestamp was judged good."""
    parts: tuple[ReportedPart, ...] = ()
    """What is signed."""
    missing: tuple[str, ...] = ()
    """Evidence that could change an INDETERMINATE verdict, in English."""

    @property
    def is_valid(self) -> bool:
        """Whether everything holds."""
        return self.fault_code is None

    @property
    def indication(self) -> Indication:
        """ETSI's main status."""
        if self.fault_code is None:
            return Indication.TOTAL_PASSED
        is_open = bool(self.missing) or not _INDETERMINATE.isdisjoint(self.fault_code.split("."))
        return Indication.INDETERMINATE if is_open else Indication.TOTAL_FAILED

    def to_json(self) -> dict[str, object]:
        """Plain values for JSON; every key always there, None where unknown."""
        return {
            "valid": self.is_valid,
            "fault_code": self.fault_code,
            "signer": self.signer,
            "signed_at": instant(self.signed_at),
            "timestamp": self._time_json(),
            "parts": [_part_json(part) for part in self.parts],
            "indication": self.indication.value,
            "policy": self.policy or None,
            "detail": self.detail or None,
            "certificate": None if self.certificate is None else _certificate_json(self.certificate),
            "chain": [certificate.subject for certificate in self.chain],
            "revocation": [_revocation_json(item) for item in self.revocation],
            "missing": list(self.missing),
        }

    def _time_json(self) -> dict[str, object]:
        time = self.time
        return {
            "gen_time": None if time is None else instant(time.gen_time),
            "authority": None if time is None else time.authority,
            "kind": None if time is None else time.kind.value,
        }


_INDETERMINATE = frozenset(
    {"cannot_create_cert_path", "incorrect_validation_info", "missing_validation_info", "tsp_certificate_not_found"}
)


def instant(value: datetime | None) -> str | None:
    """RFC 3339 in UTC with ``Z``; None stays None."""
    if value is None:
        return None
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _part_json(part: ReportedPart) -> dict[str, object]:
    return {
        "name": part.name,
        "digest_algorithm": part.digest.algorithm.label,
        "digest_b64": b64encode(part.digest.value).decode(),
        "state": part.state.value,
    }


def _certificate_json(certificate: Certificate) -> dict[str, object]:
    return {"subject": certificate.subject, "issuer": certificate.issuer, "serial": str(certificate.serial)}


def _revocation_json(item: RevocationEvidence) -> dict[str, object]:
    return {
        "subject": item.subject,
        "responder": item.responder or None,
        "produced_at": instant(item.produced_at),
        "status": item.status or None,
    }
